using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>A line of a segments file, read with Kaldi's tolerance: what is wrong is told and left out.</summary>
/// <param name="Id">The segment.</param>
/// <param name="Recording">The recording it is a part of.</param>
/// <param name="Start">In seconds, 0 or more.</param>
/// <param name="End">In seconds, after the start; -1 for the end of the recording.</param>
/// <param name="Channel">From 0; null where the line names none.</param>
/// <param name="Line">The line itself.</param>
internal sealed record SegmentLine(string Id, string Recording, double Start, double End, int? Channel, string Line)
{
    public static bool TryParse(string line, KaldiLog log, [NotNullWhen(true)] out SegmentLine? segment)
    {
        segment = null;
        var fields = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var (start, end) = (0.0, 0.0);
        int? channel = null;
        var fault = fields.Length is 4 or 5 ? null : "";
        if (fault is null && !TryParse(fields[2], out start))
            fault = " [bad start]";
        if (fault is null && !TryParse(fields[3], out end))
            fault = " [bad end]";
        if (fault is null && (start < 0 || (end <= 0 && end != -1) || (start >= end && end > 0)))
            fault = " [empty or invalid segment]";
        if (fault is null && fields.Length == 5)
        {
            channel = int.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            fault = channel is null ? " [bad channel]" : null;
        }

        if (fault is not null)
        {
            log.Warning(fault.Length == 0 ? $"Invalid line in segments file: {line}" : $"Invalid line in segments file{fault}: {line}");
            return false;
        }

        segment = new SegmentLine(fields[0], fields[1], start, end, channel, line);
        return true;
    }

    private static bool TryParse(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds);
}
