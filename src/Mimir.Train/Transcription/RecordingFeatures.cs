using System.Collections.Concurrent;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Features.Segmentation;
using Mimir.Features.Signal;
using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Transcription;

/// <summary>The features of a recording's segments before normalisation, or why there are none.</summary>
/// <param name="Source">The recording.</param>
internal sealed record PreparedRecording(AudioSource Source)
{
    /// <summary>Gets its length in seconds.</summary>
    public double Duration { get; init; }

    /// <summary>Gets the channel.</summary>
    public int Channel { get; init; }

    /// <summary>Gets the segments that have frames.</summary>
    public IReadOnlyList<PreparedSegment> Segments { get; init; } = [];

    /// <summary>Gets what is doubtful: the kind, said once for all recordings of it, and the words.</summary>
    public IReadOnlyList<(string Kind, string Text)> Notes { get; init; } = [];

    /// <summary>Gets the error; null for none.</summary>
    public string? Failure { get; init; }
}

/// <summary>A segment with its features.</summary>
/// <param name="Start">In seconds.</param>
/// <param name="End">In seconds.</param>
/// <param name="Features"><c>[T, D]</c>.</param>
internal sealed record PreparedSegment(double Start, double End, FloatMatrix Features);

/// <summary>Reads recordings, cuts them, resamples them to the model's rate and computes features. Thread-safe.</summary>
/// <param name="extractor">The kind of features.</param>
/// <param name="seed">The seed of dither.</param>
/// <param name="options">Channel and segments.</param>
internal sealed class RecordingFeatures(IFeatureExtractor extractor, ulong seed, TranscriberOptions options)
{
    private readonly ConcurrentDictionary<int, Resampler> _resamplers = new();

    private int Rate => (int)extractor.Options.Frame.SampleFrequency;

    /// <summary>Prepares a recording; an error of its audio is in the result.</summary>
    public PreparedRecording Prepare(AudioSource source, CancellationToken cancellation)
    {
        try
        {
            var recording = Recording.Open(source, options.StandardInput);
            var channel = source.Channel ?? options.Channel ?? 0;
            if (channel >= recording.Info.Channels)
                throw new InputException($"expected channel {channel}, the audio has {recording.Info.Channels}, counted from 0.");

            IReadOnlyList<SampleRange> ranges = source.IsUtterance
                ? [new(0, recording.Info.Frames)]
                : recording.Segments(channel, options.Segments, cancellation);
            var segments = new List<PreparedSegment>();
            foreach (var range in ranges)
            {
                cancellation.ThrowIfCancellationRequested();
                var features = Compute(recording.Read(range), channel, $"{source.Id}-{range.First}");
                if (features.Rows > 0)
                    segments.Add(new(Seconds(range.First), Seconds(range.First + range.Count), features));
            }

            return new(source)
            {
                Duration = recording.Info.Duration,
                Channel = channel,
                Segments = segments,
                Notes = [.. Notes(source, recording.Info, segments.Count)],
            };

            double Seconds(long sample) => (double)sample / recording.Info.SampleRate;
        }
        catch (Exception error) when (error is not OperationCanceledException && UserError.Describe(error) is not null)
        {
            var message = UserError.Describe(error) ?? "";
            var name = source.Audio == AudioSource.StandardInput ? "standard input" : source.Audio;
            return new(source) { Failure = message.Contains(name, StringComparison.Ordinal) ? message : $"{name}: {message}" };
        }
    }

    private FloatMatrix Compute(AudioClip clip, int channel, string name)
    {
        var wave = clip.Channel(channel);
        var dither = SeededRandom.SeedOf(seed, name);
        return clip.SampleRate == Rate
            ? extractor.Compute(wave, ditherSeed: dither)
            : extractor.Compute(
                _resamplers.GetOrAdd(clip.SampleRate, rate => new Resampler(rate, Rate)).Apply(wave), ditherSeed: dither);
    }

    private IEnumerable<(string Kind, string Text)> Notes(AudioSource source, AudioInfo info, int segments)
    {
        var (id, rate) = (source.Id, info.SampleRate);
        if (info.Warning is { } warning)
            yield return (id, warning);
        if (segments == 0)
            yield return (id, $"{source.Audio}: no speech was found");
        if (rate > Rate)
            yield return ($"{rate} Hz", $"{source.Audio}: {rate} Hz is resampled to the model's {Rate} Hz (so are all of this rate)");
        if (rate < Rate)
        {
            yield return ($"{rate} Hz", $"{source.Audio}: {rate} Hz is resampled to the model's {Rate} Hz (also for all others of this "
                + $"rate); it lacks all above {rate / 2} Hz, so expect more errors");
        }

        if (info.Channels > 1 && source.Channel is null && options.Channel is null)
            yield return ("channels", $"{source.Audio}: {info.Channels} channels, the first is taken (of all); --channel names another");
    }
}
