using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Segmentation;

namespace Mimir.Train.Transcription;

/// <summary>Audio that is read in parts, so that hours of it need little memory; what cannot seek is read as a whole.</summary>
internal sealed class Recording
{
    private const int BlockSeconds = 60;

    private readonly Func<long, long, AudioClip> _read;

    private Recording(AudioInfo info, Func<long, long, AudioClip> read) => (Info, _read) = (info, read);

    /// <summary>Gets length, channels and sample rate.</summary>
    public AudioInfo Info { get; }

    /// <summary>Opens a recording.</summary>
    /// <param name="source">The recording.</param>
    /// <param name="standardInput">Opens the standard input.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InputException">It is no audio.</exception>
    public static Recording Open(AudioSource source, Func<Stream> standardInput)
    {
        if (source.Audio == AudioSource.StandardInput)
        {
            using var stream = standardInput();
            return Whole(SoundFile.Read(stream, "standard input"));
        }

        if (source.IsUtterance)
            return Whole(AudioInput.Read(source.Audio, source.Start, source.End));
        if (SpecialFile.IsOne(source.Audio))
            return Whole(SoundFile.Read(source.Audio));
        if (!File.Exists(source.Audio))
            throw new FileNotFoundException($"{source.Audio}: there is no such file", source.Audio);

        return new(SoundFile.Info(source.Audio), (first, count) => SoundFile.Read(source.Audio, first, count));
    }

    /// <summary>Reads a part.</summary>
    public AudioClip Read(SampleRange range) => _read(range.First, range.Count);

    /// <summary>The segments: the whole where it is short enough, else what is speech.</summary>
    /// <param name="channel">The channel to look at.</param>
    /// <param name="options">Lengths and thresholds.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    public IReadOnlyList<SampleRange> Segments(int channel, EnergySegmenterOptions options, CancellationToken cancellation)
    {
        if (Info.Duration <= options.MaxSegment)
            return [new(0, Info.Frames)];

        var energies = new FrameEnergies(Info.SampleRate);
        var block = (long)BlockSeconds * Info.SampleRate;
        for (var first = 0L; first < Info.Frames; first += block)
        {
            cancellation.ThrowIfCancellationRequested();
            energies.Append(_read(first, Math.Min(block, Info.Frames - first)).Channel(channel));
        }

        return EnergySegmenter.Cut(energies, Info.Frames, options);
    }

    private static Recording Whole(AudioClip clip) => new(clip.Info, (first, count) => new(
        [.. Enumerable.Range(0, clip.Channels).Select(c => clip.Channel(c).Slice((int)first, (int)count).ToArray())],
        clip.SampleRate));
}
