using System.Globalization;
using System.Text;
using Mimir.Base;

namespace Mimir.Decode.Alignment;

/// <summary>A tier of a <see cref="TextGrid"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Intervals">The texts with their ends in seconds; each begins where the one before ends, the first at 0.</param>
public sealed record TextGridTier(string Name, IReadOnlyList<(double End, string Text)> Intervals);

/// <summary>Praat's files of labelled intervals (its manual: "TextGrid file formats"), which annotators open beside the audio.</summary>
public static class TextGrid
{
    /// <summary>Writes a file, atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seconds">The length of the recording.</param>
    /// <param name="tiers">The tiers, from the top.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, double seconds, params IReadOnlyList<TextGridTier> tiers) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n");
        writer.WriteLine($"xmin = 0\nxmax = {Number(seconds)}\ntiers? <exists>\nsize = {tiers.Count}\nitem []:");
        for (var index = 0; index < tiers.Count; index++)
            Write(writer, index + 1, tiers[index], seconds);
    });

    private static void Write(StreamWriter writer, int number, TextGridTier tier, double seconds)
    {
        writer.WriteLine($"    item [{number}]:\n        class = \"IntervalTier\"\n        name = {Quoted(tier.Name)}");
        writer.WriteLine($"        xmin = 0\n        xmax = {Number(seconds)}\n        intervals: size = {tier.Intervals.Count}");
        var start = 0.0;
        for (var index = 0; index < tier.Intervals.Count; index++)
        {
            // The last interval ends where the recording does: frames do not fill it to its last sample.
            var end = index + 1 == tier.Intervals.Count ? seconds : tier.Intervals[index].End;
            writer.WriteLine($"        intervals [{index + 1}]:\n            xmin = {Number(start)}\n            xmax = {Number(end)}");
            writer.WriteLine($"            text = {Quoted(tier.Intervals[index].Text)}");
            start = end;
        }
    }

    private static string Number(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
