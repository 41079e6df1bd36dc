using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Features.Pitch;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>compute-kaldi-pitch-feats: tracks the pitch of recordings.</summary>
internal sealed class ComputePitchFeatsTool() : PitchTool<PitchOptions>(
    "compute-kaldi-pitch-feats", "Apply Kaldi pitch extractor, starting from wav input. Output is (NCCF, pitch in Hz).")
{
    protected override float SampleFrequency(PitchOptions options) => options.SampleFrequency;

    protected override Func<float[], string, FloatMatrix> CreateExtractor(PitchOptions options)
    {
        var tracker = new PitchExtractor(options);
        return (wave, _) => tracker.Compute(wave);
    }
}

/// <summary>compute-and-process-kaldi-pitch-feats: tracks the pitch of recordings and turns it into features.</summary>
internal sealed class ComputeAndProcessPitchFeatsTool() : PitchTool<PitchFeatureOptions>(
    "compute-and-process-kaldi-pitch-feats", "Apply Kaldi pitch extractor and pitch post-processor, starting from wav input.")
{
    protected override float SampleFrequency(PitchFeatureOptions options) => options.Tracking.SampleFrequency;

    protected override Func<float[], string, FloatMatrix> CreateExtractor(PitchFeatureOptions options)
    {
        var extractor = new PitchFeatureExtractor(options);
        return (wave, key) => extractor.Compute(wave, SeededRandom.SeedOf(0, key));
    }
}

/// <summary>A program that tracks the pitch of recordings.</summary>
/// <typeparam name="TOptions">The record of its options.</typeparam>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">A description in one line.</param>
internal abstract class PitchTool<TOptions>(string name, string summary)
    : KaldiTool<TOptions>(name, summary, "<wav-rspecifier> <feats-wspecifier>")
    where TOptions : class, new()
{
    /// <summary>Gets the rate that recordings must have, in hertz.</summary>
    protected abstract float SampleFrequency(TOptions options);

    /// <summary>Creates the function that turns the samples and the key of an utterance into its features.</summary>
    protected abstract Func<float[], string, FloatMatrix> CreateExtractor(TOptions options);

    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var compute = CreateExtractor(options);
        var frequency = SampleFrequency(options);
        var permissive = Rspecifier.Parse(arguments[0]).Permissive;
        using var output = KaldiTables.Matrix.Create(arguments[1], io);
        var (done, errors) = (0, 0);
        try
        {
            var entries = AudioTable.Read(arguments[0], io);
            foreach (var result in OrderedParallel.Select(entries, entry => Extract(entry, compute, frequency, permissive)))
            {
                foreach (var warning in result.Warnings)
                    log.Warning(warning);

                if (result.Features is null)
                {
                    errors++;
                    continue;
                }

                output.Write(result.Key, result.Features);
                done++;
            }
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }

        log.Log($"Done {done} utterances, {errors} with errors.");
        return done != 0;
    }

    private static Outcome Extract(AudioEntry entry, Func<float[], string, FloatMatrix> compute, float frequency, bool permissive)
    {
        AudioClip clip;
        try
        {
            clip = entry.Load();
        }
        catch (Exception failure) when (permissive && failure is InputException or IOException)
        {
            return new Outcome(entry.Key, null, [failure.Message]);
        }

        if (clip.SampleRate != frequency)
        {
            throw new InputException(
                $"Sample frequency mismatch: you specified {frequency} but data has {clip.SampleRate} "
                + $"(use --sample-frequency option).  Utterance is {entry.Key}");
        }

        List<string> warnings = clip.Warning is null ? [] : [clip.Warning];
        if (clip.Channels != 1)
            warnings.Add($"Channel not specified but you have data with {clip.Channels} channels; defaulting to zero");

        try
        {
            var features = compute(clip.Channel(0).ToArray(), entry.Key);
            if (features.Rows == 0)
                warnings.Add("No frames output in pitch extraction");

            return new Outcome(entry.Key, features.Rows == 0 ? new FloatMatrix(0, 0) : features, warnings);
        }
        catch (InputException failure)
        {
            warnings.Add($"Failed to compute pitch for utterance {entry.Key}: {failure.Message}");
            return new Outcome(entry.Key, null, warnings);
        }
    }

    private sealed record Outcome(string Key, FloatMatrix? Features, IReadOnlyList<string> Warnings);
}
