using Mimir.Base.Options;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Features.Pitch;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>
/// compute-kaldi-pitch-feats and compute-and-process-kaldi-pitch-feats: pitch of recordings, and features of it.
/// </summary>
internal sealed class ComputePitchTool : KaldiTool
{
    private readonly bool _process;
    private PitchFeatureOptions _options = new();

    /// <summary>Creates one of the programs.</summary>
    /// <param name="process">Whether pitch becomes features at once.</param>
    public ComputePitchTool(bool process)
        : base(
            process ? "compute-and-process-kaldi-pitch-feats" : "compute-kaldi-pitch-feats",
            process
                ? "Apply Kaldi pitch extractor and pitch post-processor, starting from wav input."
                : "Apply Kaldi pitch extractor, starting from wav input. Output is (NCCF, pitch in Hz).",
            "<wav-rspecifier> <feats-wspecifier>") => _process = process;

    protected override void AddOptions(KaldiOptionParser parser)
    {
        foreach (var option in Option.Of(_process ? typeof(PitchFeatureOptions) : typeof(PitchOptions)))
            parser.Add(option.Name, option.TypeName, Text(option), option.Description, value => Set(option, value));
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var compute = Compute();
        var permissive = Rspecifier.Parse(arguments[0]).Permissive;
        using var output = KaldiTables.Matrix.Create(arguments[1], io);
        var (done, errors) = (0, 0);
        try
        {
            var entries = AudioTable.Read(arguments[0], io);
            foreach (var result in OrderedParallel.Select(entries, entry => Extract(entry, compute, permissive)))
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

    private string Text(Option option) => _process ? option.Format(_options) : option.Format(_options.Tracking);

    private void Set(Option option, string value) => _options = _process
        ? option.With(_options, value)
        : _options with { Tracking = option.With(_options.Tracking, value) };

    private Func<float[], string, FloatMatrix> Compute()
    {
        if (!_process)
        {
            var tracker = new PitchExtractor(_options.Tracking);
            return (wave, _) => tracker.Compute(wave);
        }

        var extractor = new PitchFeatureExtractor(_options);
        return (wave, key) => extractor.Compute(wave, FeatureExtraction.DitherSeed(0, key));
    }

    private Outcome Extract(AudioEntry entry, Func<float[], string, FloatMatrix> compute, bool permissive)
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

        if (clip.SampleRate != _options.Tracking.SampleFrequency)
        {
            throw new InputException(
                $"Sample frequency mismatch: you specified {_options.Tracking.SampleFrequency} but data has {clip.SampleRate} "
                + $"(use --sample-frequency option).  Utterance is {entry.Key}");
        }

        var warnings = new List<string>();
        if (clip.Channels != 1)
            warnings.Add($"Channel not specified but you have data with {clip.Channels} channels; defaulting to zero");

        try
        {
            var features = compute(clip.Channel(0).ToArray(), entry.Key);
            if (features.Rows == 0)
                warnings.Add("No frames output in pitch extraction");

            return new Outcome(entry.Key, features.Rows == 0 ? new FloatMatrix(0, 0) : features, warnings);
        }
        catch (ArgumentException failure)
        {
            warnings.Add($"Failed to compute pitch for utterance {entry.Key}: {failure.Message}");
            return new Outcome(entry.Key, null, warnings);
        }
    }

    private sealed record Outcome(string Key, FloatMatrix? Features, IReadOnlyList<string> Warnings);
}
