using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>extract-segments: cuts recordings into utterances.</summary>
internal sealed class ExtractSegmentsTool : KaldiTool
{
    private float _minLength = 0.1f;
    private float _maxOvershoot = 0.5f;

    /// <summary>Creates the program.</summary>
    public ExtractSegmentsTool()
        : base(
            "extract-segments",
            "Extract segments from a large audio file in WAV format; each line of the segments is <segment-id> <recording-id> "
            + "<start-time> <end-time> [<channel>], an end of -1 is that of the recording.",
            "<wav-rspecifier> <segments-file> <wav-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddFloat(
            "min-segment-length", _minLength, "Minimum segment length in seconds (reject shorter segments)", v => _minLength = v);
        parser.AddFloat(
            "max-overshoot",
            _maxOvershoot,
            "End segments overshooting audio by less than this (in seconds) are truncated, else rejected.",
            v => _maxOvershoot = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var recordings = AudioTable.Clips.Open(arguments[0], io);
        using var segments = new StreamReader(KaldiInput.Open(arguments[1], io));
        using var output = AudioTable.Clips.Create(arguments[2], io);
        var (lines, done) = (0, 0);
        output.Fill(() =>
        {
            for (; segments.ReadLine() is { } line; lines++)
            {
                if (SegmentLine.TryParse(line, log, out var segment)
                    && TryCut(segment, recordings, log, out var clip))
                {
                    output.Write(segment.Id, clip);
                    done++;
                }
            }
        });
        log.Log($"Successfully processed {done} lines out of {lines} in the segments file. ");
        return true;
    }

    private bool TryCut(SegmentLine segment, RandomAccessTable<AudioClip> recordings, KaldiLog log, out AudioClip clip)
    {
        if (!recordings.TryGet(segment.Recording, out clip!))
        {
            log.Warning($"Could not find recording {segment.Recording}, skipping segment {segment.Id}");
            return false;
        }

        float rate = clip.SampleRate;
        var length = clip.Length / rate;
        if (segment.Start > length)
        {
            log.Warning(
                $"Segment start is out of file data range [0, {KaldiLog.Number(length)}s]; skipping segment '{segment.Line}'");
            return false;
        }

        if (segment.End > length + _maxOvershoot)
        {
            log.Warning(
                $"Segment end is too far out of file data range [0,{KaldiLog.Number(length)}s]; skipping segment '{segment.Line}'");
            return false;
        }

        var end = segment.End < 0 || segment.End > length ? length : segment.End;
        if (end - segment.Start < _minLength)
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
