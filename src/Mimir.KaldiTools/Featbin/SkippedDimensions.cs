using System.Globalization;
using Mimir.Base;

namespace Mimir.KaldiTools.Featbin;

/// <summary>Dimensions that normalisation leaves alone: integers with colons between them.</summary>
internal static class SkippedDimensions
{
    /// <summary>Parses text such as <c>13:14:15</c>; nothing is none.</summary>
    /// <exception cref="InputException">A part is no integer.</exception>
    public static int[] Parse(string text) =>
    [
        .. text.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new InputException($"Expected dimensions as integers with colons between them, got '{text}'.")),
    ];
}
