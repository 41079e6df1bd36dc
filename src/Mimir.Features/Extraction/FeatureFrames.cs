using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Shifts, subsamples and repeats frames, and joins features.</summary>
public static class FeatureFrames
{
    /// <summary>Shifts features in time; the first or last frame fills the gap.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="frames">Frame t becomes frame t + this; negative numbers shift towards the beginning.</param>
    /// <returns><c>[T, D]</c>.</returns>
    public static FloatMatrix Shift(FloatMatrix features, int frames) =>
        Take(features, features.Rows, t => (int)Math.Clamp((long)t - frames, 0, features.Rows - 1));

    /// <summary>Takes every n-th frame, or repeats each frame.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="step">n; below 0, each frame comes -n times.</param>
    /// <param name="offset">The first frame to take; 0 or more, and 0 where frames are repeated.</param>
    /// <returns>The frames; none where the offset lies beyond the end.</returns>
    public static FloatMatrix Subsample(FloatMatrix features, int step, int offset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(step);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (step < 0)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(offset, 0);
            return Take(features, checked(features.Rows * -step), t => t / -step);
        }

        var left = Math.Max(0, features.Rows - (long)offset);
        return Take(features, (int)((left + step - 1) / step), t => offset + (t * step));
    }

    /// <summary>Joins features side by side, as Kaldi's paste-feats.</summary>
    /// <param name="parts">Each <c>[T, D]</c> with its own D; frames beyond the shortest are dropped.</param>
    /// <returns><c>[T, sum of D]</c>.</returns>
    public static FloatMatrix Paste(IReadOnlyList<FloatMatrix> parts)
    {
        var result = new FloatMatrix(parts.Min(part => part.Rows), parts.Sum(part => part.Columns));
        for (var t = 0; t < result.Rows; t++)
        {
            var column = 0;
            foreach (var part in parts)
            {
                part.Row(t).CopyTo(result.Row(t)[column..]);
                column += part.Columns;
            }
        }

        return result;
    }

    /// <summary>Joins features one after the other, as Kaldi's concat-feats.</summary>
    /// <param name="parts">Each <c>[T, D]</c> with its own T; those without frames may have any D.</param>
    /// <returns><c>[sum of T, D]</c>.</returns>
    /// <exception cref="InputException">Dimensions differ.</exception>
    public static FloatMatrix Concatenate(IReadOnlyList<FloatMatrix> parts)
    {
        var filled = parts.Where(part => part.Rows > 0).ToList();
        if (filled.Select(part => part.Columns).Distinct().Count() > 1)
        {
            throw new InputException(
                $"Features of dimensions {string.Join(", ", filled.Select(part => part.Columns))} cannot follow each other.");
        }

        return filled.Count == 0
            ? new FloatMatrix(0, 0)
            : new FloatMatrix(filled.Sum(part => part.Rows), filled[0].Columns, [.. filled.SelectMany(part => part.Data)]);
    }

    private static FloatMatrix Take(FloatMatrix features, int rows, Func<int, int> from)
    {
        var result = new FloatMatrix(rows, rows == 0 ? 0 : features.Columns);
        for (var t = 0; t < rows; t++)
            features.Row(from(t)).CopyTo(result.Row(t));

        return result;
    }
}
