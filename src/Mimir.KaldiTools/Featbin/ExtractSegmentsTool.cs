using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>extract-segments: cuts recordings into utterances.</summary>
internal sealed class ExtractSegmentsTool()
    : KaldiTool<ExtractSegmentsTool.Options>(
        "extract-segments",
        "Extract segments from a large audio file in WAV format; each line of the segments is <segment-id> <recording-id> "
            + "<start-time> <end-time> [<channel>], an end of -1 is that of the recording.",
        "<wav-rspecifier> <segments-file> <wav-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Shortest segment in seconds; shorter ones are left out.</summary>
        [Option("min-segment-length")]
        public float MinLength { get; init; } = 0.1f;

        /// <summary>Seconds by which a segment may exceed its recording and is cut; beyond, it is left out.</summary>
        [Option("max-overshoot")]
        public float MaxOvershoot { get; init; } = 0.5f;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var recordings = AudioTable.Clips.Open(arguments[0], io);
        using var segments = KaldiInput.OpenText(arguments[1], io);
        using var output = AudioTable.Clips.Create(arguments[2], io);
        var warned = new HashSet<string>();
        var (lines, done) = (0, 0);
        output.Fill(() =>
        {
            for (; segments.ReadLine() is { } line; lines++)
            {
                if (SegmentLine.TryParse(line, log, out var segment)
                    && TryCut(segment, recordings, options, warned, log, out var clip))
                {
                    output.Write(segment.Id, clip);
                    done++;
                }
            }
        });
        log.Log($"Successfully processed {done} lines out of {lines} in the segments file. ");
        return true;
    }

    private static bool TryCut(
        SegmentLine segment, RandomAccessTable<AudioClip> recordings, Options options, HashSet<string> warned, KaldiLog log,
        out AudioClip clip)
    {
        if (!recordings.TryGet(segment.Recording, out clip!))
        {
            log.Warning($"Could not find recording {segment.Recording}, skipping segment {segment.Id}");
            return false;
        }

        if (clip.Warning is { } warning && warned.Add(segment.Recording))
            log.Warning(warning);

        float rate = clip.SampleRate;
        var length = clip.Length / rate;
        if (segment.Start > length)
        {
            log.Warning(
                $"Segment start is out of file data range [0, {KaldiLog.Number(length)}s]; skipping segment '{segment.Line}'");
            return false;
        }

        if (segment.End > length + options.MaxOvershoot)
        {
            log.Warning(
                $"Segment end is too far out of file data range [0,{KaldiLog.Number(length)}s]; skipping segment '{segment.Line}'");
            return false;
        }

        var end = segment.End < 0 || segment.End > length ? length : segment.End;
        if (end - segment.Start < options.MinLength)
        {
            log.Warning($"Segment {segment.Id} too short, skipping it.");
            return false;
        }

        if (!TryChannel(segment, clip, log, out var channel))
            return false;

        var first = (int)((segment.Start * rate) + 0.5);
        var last = Math.Min((int)((end * rate) + 0.5), clip.Length);
        clip = new AudioClip([clip.Channel(channel)[first..Math.Max(first, last)].ToArray()], clip.SampleRate);
        return true;
    }

    private static bool TryChannel(SegmentLine segment, AudioClip clip, KaldiLog log, out int channel)
    {
        channel = segment.Channel ?? 0;
        if (segment.Channel is null && clip.Channels > 1)
        {
            throw new InputException(
                $"'{segment.Line}': expected a channel at the end of the line, because '{segment.Recording}' has {clip.Channels}.");
        }

        if (channel < clip.Channels)
            return true;

        log.Warning($"Invalid channel {channel} >= {clip.Channels}. Skipping segment {segment.Id}");
        return false;
    }
}

/// <summary>A line of a segments file.</summary>
/// <param name="Id">The segment.</param>
/// <param name="Recording">The recording that contains it.</param>
/// <param name="Start">Start in seconds, 0 or more.</param>
/// <param name="End">End in seconds, after the start; -1 for the end of the recording.</param>
/// <param name="Channel">Channel from 0; null where the line names none.</param>
/// <param name="Line">The line itself.</param>
internal sealed record SegmentLine(string Id, string Recording, double Start, double End, int? Channel, string Line)
{
    /// <summary>Parses a line; a malformed one is logged and skipped, as in Kaldi.</summary>
    public static bool TryParse(string line, KaldiLog log, [NotNullWhen(true)] out SegmentLine? segment)
    {
        segment = null;
        var fields = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var (start, end) = (0.0, 0.0);
        int? channel = null;
        var problem = fields.Length is 4 or 5 ? null : "";
        if (problem is null && !TryParse(fields[2], out start))
            problem = " [bad start]";
        if (problem is null && !TryParse(fields[3], out end))
            problem = " [bad end]";
        if (problem is null && (start < 0 || (end <= 0 && end != -1) || (start >= end && end > 0)))
            problem = " [empty or invalid segment]";
        if (problem is null && fields.Length == 5)
        {
            channel = int.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            problem = channel is null ? " [bad channel]" : null;
        }

        if (problem is not null)
        {
            log.Warning(problem.Length == 0 ? $"Invalid line in segments file: {line}" : $"Invalid line in segments file{problem}: {line}");
            return false;
        }

        segment = new SegmentLine(fields[0], fields[1], start, end, channel, line);
        return true;
    }

    private static bool TryParse(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds);
}
