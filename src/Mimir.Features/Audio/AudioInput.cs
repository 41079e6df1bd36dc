using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Audio;

/// <summary>
/// Reads audio by an extended file name: a file of any format, or a WAV inside an archive, a pipe or a .gz file.
/// </summary>
public static class AudioInput
{
    // The most that a segment may exceed the end of its recording, in seconds; Kaldi's value.
    private const double MaxOvershoot = 0.5;

    /// <summary>Reads audio, or a segment of it.</summary>
    /// <param name="rxfilename">A path, <c>archive:offset</c>, <c>-</c>, or a command where pipes are allowed.</param>
    /// <param name="start">Start of the segment, in seconds; null for the beginning.</param>
    /// <param name="end">End of the segment, in seconds; null or below 0 for the end. Up to half a second beyond the end is
    /// cut.</param>
    /// <param name="io">Access of extended file names; null allows files only.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is not audio or is truncated, or the segment lies outside it.</exception>
    public static AudioClip Read(string rxfilename, double? start = null, double? end = null, KaldiIoOptions? io = null)
    {
        var place = Rxfilename.Parse(rxfilename);
        if (place.Range is not null)
            throw new InputException($"{rxfilename}: a range in brackets cannot be taken from audio; use segments.");

        if (place is { Kind: RxKind.File, Offset: 0, IsGzip: false })
        {
            if (start is null && end is null)
                return SoundFile.Read(place.Target);

            var info = SoundFile.Info(place.Target);
            var (first, count) = Segment(rxfilename, info.Frames, info.SampleRate, start, end);
            return SoundFile.Read(place.Target, first, count);
        }

        string? doubt = null;
        AudioClip clip;
        io = (io ?? KaldiIoOptions.Default) with { Warn = warning => doubt = warning };
        using (var reader = new KaldiReader(KaldiInput.Open(place, io), rxfilename))
            clip = WaveObject.Read(reader);

        if (doubt is not null)
            clip = clip.WithWarning(doubt);

        return start is null && end is null ? clip : Cut(rxfilename, clip, start, end);
    }

    /// <summary>Reads the header of a recording; one in an archive or a pipe is decoded.</summary>
    /// <inheritdoc cref="Read"/>
    public static AudioInfo Info(string rxfilename, KaldiIoOptions? io = null)
    {
        if (Rxfilename.Parse(rxfilename) is { Kind: RxKind.File, Offset: 0, IsGzip: false, Range: null } file)
            return SoundFile.Info(file.Target);

        var clip = Read(rxfilename, io: io);
        return clip.Info;
    }

    /// <summary>The samples of a segment.</summary>
    /// <param name="name">The name of the recording, for messages.</param>
    /// <param name="info">Its header.</param>
    /// <param name="start">As of <see cref="Read"/>.</param>
    /// <param name="end">As of <see cref="Read"/>.</param>
    /// <exception cref="InputException">The segment lies outside the recording.</exception>
    public static (long First, long Count) SegmentOf(string name, AudioInfo info, double? start, double? end) =>
        start is null && end is null ? (0, info.Frames) : Segment(name, info.Frames, info.SampleRate, start, end);

    private static AudioClip Cut(string name, AudioClip clip, double? start, double? end)
    {
        var (first, count) = Segment(name, clip.Length, clip.SampleRate, start, end);
        var channels = Enumerable.Range(0, clip.Channels)
            .Select(c => clip.Channel(c).Slice((int)first, (int)count).ToArray());
        return new AudioClip([.. channels], clip.SampleRate) { Warning = clip.Warning };
    }

    private static (long First, long Count) Segment(string name, long length, int rate, double? start, double? end)
    {
        var duration = (double)length / rate;
        var from = start ?? 0;
        var to = end is null or < 0 ? duration : end.Value;
        if (!(from >= 0 && from < to && from < duration && to <= duration + MaxOvershoot))
            throw new InputException(
                $"{name}: segment {from} s to {to} s lies outside the recording of {duration:0.###} s.");

        var first = (long)(from * rate);
        return (first, Math.Min((long)(to * rate), length) - first);
    }
}
