using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Augmentation;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Extraction;

/// <summary>A request for the features of an utterance.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Audio">An audio file, or another extended file name (an archive with an offset).</param>
/// <param name="Start">Start of the utterance in the audio, in seconds; null for the beginning.</param>
/// <param name="End">End of the utterance in the audio, in seconds; null for the end.</param>
/// <param name="Channel">The channel, from 0; null where the data names none: the first is taken, and said where there are several.</param>
/// <param name="VtlnWarp">The factor of the vocal-tract warp; 1 for none.</param>
public sealed record FeatureRequest(
    string Utterance, string Audio, double? Start = null, double? End = null, int? Channel = null, float VtlnWarp = 1)
{
    /// <summary>Gets the speed factor; null to let augmentation draw it.</summary>
    public double? Speed { get; init; }

    /// <summary>Asks for an utterance of a data directory.</summary>
    public static FeatureRequest Of(Utterance utterance) =>
        new(utterance.Id, utterance.Audio, utterance.Start, utterance.End, utterance.Channel);
}

/// <summary>The features of an utterance, or the reason for their absence.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Features"><c>[T, D]</c>, or null after a failure.</param>
/// <param name="Failure">The error, with the utterance's id and its audio; null after a success.</param>
public sealed record FeatureResult(string Utterance, FloatMatrix? Features, string? Failure)
{
    /// <summary>Gets the length of the audio in seconds; 0 after a failure.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the speed factor of the audio.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Gets the number of frames at the original speed.</summary>
    public int OriginalFrames { get; init; }

    /// <inheritdoc cref="AudioClip.Warning"/>
    public string? Warning { get; init; }

    /// <summary>The features; throws where there are none.</summary>
    /// <exception cref="InputException">Extraction failed; the message names utterance and audio.</exception>
    public FloatMatrix Require() => Features ?? throw new InputException(Failure ?? "no features");
}

/// <summary>Extracts the features of many utterances on all cores.</summary>
public sealed class FeatureWorkers
{
    // The shortest segment in seconds that Kaldi's extract-segments makes; a float.
    private const float ShortestSegment = 0.1f;

    private readonly IFeatureExtractor _extractor;
    private readonly ulong _seed;
    private readonly int _workers;
    private readonly KaldiIoOptions? _io;

    /// <summary>Creates the workers.</summary>
    /// <param name="extractor">The kind of feature.</param>
    /// <param name="seed">With the utterance's id, the seed of the dither noise.</param>
    /// <param name="workers">The number of threads; 0 for one a core.</param>
    /// <param name="io">Access of extended file names; null allows files only.</param>
    public FeatureWorkers(IFeatureExtractor extractor, ulong seed = 0, int workers = 0, KaldiIoOptions? io = null)
    {
        _extractor = extractor;
        _seed = seed;
        _workers = workers;
        _io = io;
    }

    /// <summary>Gets the augmentation of waves, or null for none.</summary>
    public WaveAugmenter? Augmenter { get; init; }

    /// <summary>Gets the epoch that augmentation and dither are drawn for.</summary>
    public int Epoch { get; init; }

    /// <summary>
    /// Gets a function that makes the file behind an extended file name available until its result is disposed; null where all
    /// files are local. Its exceptions stop the extraction.
    /// </summary>
    public Func<string, IDisposable?>? Hold { get; init; }

    /// <summary>Extracts features; a bounded number of utterances is in memory at a time.</summary>
    /// <param name="requests">The utterances.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>A result for each utterance, in their order; one that fails does not stop the others.</returns>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public IEnumerable<FeatureResult> Extract(
        IEnumerable<FeatureRequest> requests, CancellationToken cancellationToken = default) =>
        OrderedParallel.Select(requests, Extract, _workers, cancellationToken);

    /// <summary>Extracts the features of one utterance on the caller's thread; any thread may call.</summary>
    /// <param name="request">The utterance.</param>
    public FeatureResult Extract(FeatureRequest request)
    {
        using var held = Hold?.Invoke(request.Audio);
        try
        {
            var clip = AudioInput.Read(request.Audio, request.Start, request.End, _io);
            if ((request.Start ?? request.End) is not null && clip.Duration < ShortestSegment)
            {
                throw new InputException(
                    FormattableString.Invariant($"a segment of {clip.Duration} s; Kaldi leaves those below 0.1 s out."));
            }

            var channel = request.Channel ?? 0;
            if (channel >= clip.Channels)
                throw new InputException(
                    $"expected channel {channel}, the audio has {clip.Channels}, counted from 0.");

            if (request.Channel is null && clip.Channels > 1)
            {
                clip = clip.WithWarning(
                    clip.Warning ?? $"{request.Audio}: {clip.Channels} channels, the first is taken; segments can name another");
            }

            return Augmenter is null ? Extract(request, clip, channel, 1) : ExtractAugmented(request, clip, channel, Augmenter);
        }
        catch (Exception failure) when (failure is InputException or IOException)
        {
            return new FeatureResult(
                request.Utterance, Features: null, $"utterance '{request.Utterance}' ({request.Audio}): {failure.Message}");
        }
    }

    /// <summary>Counts the frames of an utterance without decoding its audio, where the audio is a file of its own.</summary>
    /// <param name="request">The utterance.</param>
    /// <returns>The frames that <see cref="Extract(FeatureRequest)"/> makes at the original speed.</returns>
    /// <exception cref="InputException">The file is not audio, or the segment lies outside it.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public int CountFrames(FeatureRequest request)
    {
        var info = AudioInput.Info(request.Audio, _io);
        return FramesOf(AudioInput.SegmentOf(request.Audio, info, request.Start, request.End).Count, info.SampleRate);
    }

    private FeatureResult ExtractAugmented(FeatureRequest request, AudioClip clip, int channel, WaveAugmenter augmenter)
    {
        var speed = request.Speed ?? augmenter.SpeedOf(request.Utterance, Epoch);
        var wave = augmenter.Apply(request.Utterance, Epoch, clip.Channel(channel), clip.SampleRate, speed);
        var result = Extract(request, new AudioClip([wave], clip.SampleRate), 0, speed);
        return result with { OriginalFrames = FramesOf(clip), Warning = clip.Warning };
    }

    private FeatureResult Extract(FeatureRequest request, AudioClip clip, int channel, double speed)
    {
        var seed = SeededRandom.SeedOf(_seed, request.Utterance);
        if (Epoch != 0)
            seed = SplitMix64.Combine(seed, (ulong)Epoch);

        var features = _extractor.Compute(clip, channel, request.VtlnWarp, seed);
        return new FeatureResult(request.Utterance, features, Failure: null)
        {
            Seconds = clip.Duration,
            Warning = clip.Warning,
            Speed = speed,
            OriginalFrames = features.Rows,
        };
    }

    private int FramesOf(AudioClip clip) => FramesOf(clip.Length, clip.SampleRate);

    private int FramesOf(long samples, int rate)
    {
        var frame = _extractor.Options.Frame;
        var length = rate == frame.SampleFrequency ? samples : (long)Math.Ceiling(samples * (double)frame.SampleFrequency / rate);
        return frame.FrameCount((int)length);
    }
}
