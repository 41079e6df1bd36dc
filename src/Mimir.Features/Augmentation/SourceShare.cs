using System.Globalization;
using Mimir.Base;

namespace Mimir.Features.Augmentation;

/// <summary>A source with its share, as Kaldi writes it: <c>0.3, rir_list</c> or <c>rir_list</c>.</summary>
internal sealed record SourceShare(string Path, double? Share)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="InputException">What stands before the comma is no share.</exception>
    public static SourceShare Parse(string text)
    {
        var words = text.Split(',', 2);
        if (words.Length == 1)
            return new(text.Trim(), null);

        return double.TryParse(words[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? new(words[1].Trim(), share)
            : throw new InputException($"'{text}': expected 'share, path' with a share from 0 to 1, or a path.");
    }

    /// <summary>
    /// Kaldi's rule for shares: what has none gets an even part of what is left; given ones are mixed with that part, and
    /// all are scaled to a sum.
    /// </summary>
    public static double[] Smooth(IReadOnlyList<double?> shares, double smoothing, double sum)
    {
        var unknown = shares.Count(share => share is null);
        var given = shares.Sum(share => share ?? 0);
        var even = unknown > 0 && given < 1 ? (1 - given) / unknown : 0;
        var smooth = shares.Select(share => share is { } known ? ((1 - smoothing) * known) + (smoothing * even) : even).ToArray();
        var total = smooth.Sum();
        return total > 0 ? [.. smooth.Select(share => share / total * sum)] : [.. smooth.Select(_ => sum / smooth.Length)];
    }
}
