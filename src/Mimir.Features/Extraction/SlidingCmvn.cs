using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>
/// Normalises each frame by the frames around it, as Kaldi's apply-cmvn-sliding does. The sums of a window follow from those
/// of the one before, in double precision.
/// </summary>
public sealed class SlidingCmvn
{
    // Kaldi's floor for the variance of a value that does not vary.
    private const double VarianceFloor = 1e-10;

    private readonly SlidingCmvnOptions _options;

    /// <summary>Creates a normaliser.</summary>
    /// <param name="options">The window.</param>
    /// <exception cref="ArgumentException">A window is not positive, or the least is longer than the whole.</exception>
    public SlidingCmvn(SlidingCmvnOptions options)
    {
        if (options.Window < 1)
            throw new ArgumentException($"The window of a sliding normalisation has 1 frame or more, got {options.Window}.");
        if (options.Centered && options.MinWindow is var least && (least < 1 || least > options.Window))
            throw new ArgumentException($"The least window has 1 to {options.Window} frames, got {least}.");

        _options = options;
    }

    /// <summary>Normalises features.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="floored">Called where values do not vary within a window: how many, and the frames of the window.</param>
    /// <returns><c>[T, D]</c>.</returns>
    public FloatMatrix Apply(FloatMatrix features, Action<int, int>? floored = null)
    {
        var result = new FloatMatrix(features.Rows, features.Columns);
        var sums = new double[features.Columns];
        var squares = new double[features.Columns];
        var (start, end) = (0, 0);
        for (var t = 0; t < features.Rows; t++)
        {
            var (nextStart, nextEnd) = Window(t, features.Rows);
            for (; start < nextStart; start++)
                Add(features.Row(start), -1, sums, squares);
            for (; end < nextEnd; end++)
                Add(features.Row(end), 1, sums, squares);

            var flat = Normalise(features.Row(t), result.Row(t), end - start, sums, squares);
            if (flat > 0 && features.Rows > 1)
                floored?.Invoke(flat, end - start);
        }

        return result;
    }

    /// <summary>The frames from Start up to End that normalise a frame.</summary>
    internal (int Start, int End) Window(int frame, int frames)
    {
        var start = _options.Centered ? frame - (_options.Window / 2) : frame - _options.Window;
        var end = _options.Centered ? start + _options.Window : frame + 1;
        if (start < 0)
            (start, end) = (0, end - start);
        if (!_options.Centered && end > frame)
            end = Math.Max(frame + 1, _options.MinWindow);
        if (end > frames)
            (start, end) = (Math.Max(0, start - (end - frames)), frames);

        return (start, end);
    }

    private static void Add(ReadOnlySpan<float> frame, int sign, double[] sums, double[] squares)
    {
        for (var d = 0; d < frame.Length; d++)
        {
            sums[d] += sign * (double)frame[d];
            squares[d] += sign * ((double)frame[d] * frame[d]);
        }
    }

    private int Normalise(ReadOnlySpan<float> frame, Span<float> result, int count, double[] sums, double[] squares)
    {
        var flat = 0;
        for (var d = 0; d < frame.Length; d++)
        {
            // Kaldi's order of rounding.
            var centered = frame[d] + (-1.0 / count * sums[d]);
            if (!_options.NormVars)
            {
                result[d] = (float)centered;
                continue;
            }

            var variance = (squares[d] / count) - (sums[d] * sums[d] / ((double)count * count));
            if (count > 1 && variance < VarianceFloor)
            {
                variance = VarianceFloor;
                flat++;
            }

            result[d] = count == 1 ? 0 : (float)(centered / Math.Sqrt(variance));
        }

        return flat;
    }
}
