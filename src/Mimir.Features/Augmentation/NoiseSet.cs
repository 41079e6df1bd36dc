using System.Collections.Concurrent;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Signal;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Augmentation;

/// <summary>Noise recordings; the part that is needed is read when it is drawn. Thread-safe.</summary>
internal sealed class NoiseSet
{
    private static readonly string[] Known = ["noise-id", "noise-type", "bg-fg-type", "room-linkage", "probability"];

    private readonly KaldiIoOptions? _io;
    private readonly ConcurrentDictionary<Noise, double> _durations = new();

    private NoiseSet(IReadOnlyList<Noise> directories, IReadOnlyList<Noise> points, ILookup<string, Noise> isotropic, KaldiIoOptions? io) =>
        (Directories, Points, Isotropic, _io) = (directories, points, isotropic, io);

    /// <summary>A recording of noise.</summary>
    public sealed record Noise(string Id, string Audio, double? Start, double? End, int Channel, bool IsForeground, double Share);

    /// <summary>Gets the recordings of data directories.</summary>
    public IReadOnlyList<Noise> Directories { get; }

    /// <summary>Gets the point sources of lists.</summary>
    public IReadOnlyList<Noise> Points { get; }

    /// <summary>Gets the isotropic noises by room.</summary>
    public ILookup<string, Noise> Isotropic { get; }

    /// <summary>Reads lists and data directories.</summary>
    public static NoiseSet Load(NoiseOptions options, KaldiIoOptions? io)
    {
        var sources = options.Sources.Select(SourceShare.Parse).ToList();
        if (sources.Count == 0)
            throw new InputException("noise: expected a data directory or a list of noises.");

        var shares = SourceShare.Smooth([.. sources.Select(source => source.Share)], 0, 1);
        var directories = new List<Noise>();
        var points = new List<Noise>();
        var isotropic = new List<(string Room, Noise Noise)>();
        foreach (var (source, share) in sources.Zip(shares))
        {
            if (Directory.Exists(source.Path))
                directories.AddRange(ReadDirectory(source.Path, share, options.Foreground, options.Root));
            else
                ReadList(source.Path, share, options.Smoothing, options.Root, points, isotropic);
        }

        return new NoiseSet(directories, points, isotropic.ToLookup(pair => pair.Room, pair => pair.Noise), io);
    }

    /// <summary>
    /// Reads a part of a noise. A longer recording starts at a random position, or at its beginning when it is a foreground
    /// noise; a shorter one is read whole.
    /// </summary>
    /// <param name="noise">The recording.</param>
    /// <param name="seconds">The length that is needed.</param>
    /// <param name="sampleRate">The sample rate of the result, in hertz.</param>
    /// <param name="draws">The random numbers.</param>
    /// <exception cref="InputException">The recording cannot be used.</exception>
    public float[] Take(Noise noise, double seconds, int sampleRate, SeededRandom draws)
    {
        var duration = _durations.GetOrAdd(noise, Duration);
        var start = noise.Start ?? 0;
        if (!noise.IsForeground)
            start += draws.NextUniform() * Math.Max(0, duration - seconds);

        var end = Math.Min(start + seconds, (noise.Start ?? 0) + duration);
        var clip = AudioInput.Read(noise.Audio, start, end, _io);
        if (noise.Channel >= clip.Channels || clip.Length == 0)
            throw new InputException($"noise '{noise.Id}' ({noise.Audio}): expected samples in channel {noise.Channel}, there are none.");

        var samples = clip.Channel(noise.Channel);
        return clip.SampleRate == sampleRate ? samples.ToArray() : new Resampler(clip.SampleRate, sampleRate).Apply(samples);
    }

    private double Duration(Noise noise)
    {
        if (noise is { Start: { } start, End: { } end })
            return end - start;

        var place = Rxfilename.Parse(noise.Audio);
        if (place is { Kind: RxKind.File, Offset: 0, IsGzip: false })
        {
            var info = SoundFile.Info(place.Target);
            return ((double)info.Frames / info.SampleRate) - (noise.Start ?? 0);
        }

        return AudioInput.Read(noise.Audio, io: _io).Duration - (noise.Start ?? 0);
    }

    private static IEnumerable<Noise> ReadDirectory(string path, double share, bool foreground, string? root)
    {
        var utterances = DataDirectory.Load(path, root).Utterances;
        return utterances.Select(utterance => new Noise(
            utterance.Id, utterance.Audio, utterance.Start, utterance.End, utterance.Channel ?? 0, foreground, share / utterances.Count));
    }

    private static void ReadList(
        string path, double share, double smoothing, string? root, List<Noise> points, List<(string Room, Noise Noise)> isotropic)
    {
        var lines = RecordingList.Read(path, Known);
        var pointLines = lines.Where(line => OneOf(line, "noise-type", null, "isotropic", "point-source") == "point-source").ToList();
        var shares = SourceShare.Smooth([.. pointLines.Select(line => line.Share())], smoothing, share);
        points.AddRange(pointLines.Zip(shares, (line, part) => Of(line, part, root)));
        foreach (var line in lines.Except(pointLines))
            isotropic.Add((line.Require("room-linkage"), Of(line, line.Share() ?? 1, root)));
    }

    private static Noise Of(RecordingList.Line line, double share, string? root)
    {
        var foreground = OneOf(line, "bg-fg-type", "background", "background", "foreground") == "foreground";
        return new(line.Require("noise-id"), AudioName.Resolve(line.Audio, root), null, null, 0, foreground, share);
    }

    private static string OneOf(RecordingList.Line line, string name, string? missing, params string[] known)
    {
        var value = missing is null ? line.Require(name) : line.Options.GetValueOrDefault(name, missing);
        return known.Contains(value)
            ? value
            : throw new InputException($"{line.Place}: expected --{name} {string.Join(" or ", known)}, got '{value}'.");
    }
}
