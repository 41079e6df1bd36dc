using System.Globalization;
using Mimir.Base.Options;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>compute-fbank-feats, compute-mfcc-feats, compute-plp-feats and compute-spectrogram-feats: features of recordings.</summary>
internal sealed class ComputeFeaturesTool : KaldiTool
{
    private FeatureOptions _options;
    private float _vtlnWarp = 1;
    private string _vtlnMap = "";
    private string _utt2spk = "";
    private int _channel = -1;
    private float _minDuration;
    private string _outputFormat = "kaldi";
    private string _utt2dur = "";

    /// <summary>Creates the program of a kind of feature.</summary>
    /// <param name="defaults">The options before any is set.</param>
    public ComputeFeaturesTool(FeatureOptions defaults)
        : base(
            $"compute-{defaults.Kind}-feats",
            $"Create {defaults.Kind} feature files.",
            "<wav-rspecifier> <feats-wspecifier>") => _options = defaults;

    protected override void AddOptions(KaldiOptionParser parser)
    {
        foreach (var option in Option.Of(_options.GetType()))
        {
            var text = option.Format(_options);
            parser.Add(option.Name, option.TypeName, text, option.Description, value => _options = option.With(_options, value));
        }

        parser.AddInt(
            "channel", _channel, "Channel to extract (-1 -> expect mono, 0 -> left, 1 -> right)", v => _channel = v);
        parser.AddFloat("min-duration", 0, "Minimum duration of segments to process (in seconds)", v => _minDuration = v);
        parser.AddString("output-format", "kaldi", "Format of the output files [kaldi, htk]", v => _outputFormat = v);
        parser.AddString(
            "write-utt2dur", "", "Wspecifier to write duration of each utterance in seconds", v => _utt2dur = v);
        if (_options is not MelFeatureOptions)
            return;

        parser.AddFloat(
            "vtln-warp", 1, "Vtln warp factor (only applicable if vtln-map not specified)", v => _vtlnWarp = v);
        parser.AddString(
            "vtln-map", "", "Map from utterance or speaker-id to vtln warp factor (rspecifier)", v => _vtlnMap = v);
        parser.AddString("utt2spk", "", "Utterance to speaker-id map rspecifier (with --vtln-map)", v => _utt2spk = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var extractor = _options.CreateExtractor();
        var permissive = Rspecifier.Parse(arguments[0]).Permissive;
        using var warps = WarpFactors.Open(_vtlnMap, _utt2spk, _vtlnWarp, io);
        using var output = FeatureOutput.Open(_outputFormat, arguments[1], _options, io);
        using var durations = _utt2dur.Length == 0 ? null : KaldiTables.DoubleScalar.Create(_utt2dur, io);
        var progress = new ExtractionProgress(TimeProvider.System, log.Progress);
        var (total, done) = (0, 0);
        try
        {
            // Factors are looked up here, in the order of the recordings and by one thread.
            var entries = AudioTable.Read(arguments[0], io)
                .Select(entry => (Entry: entry, Warp: warps.TryGet(entry.Key, out var warp) ? warp : (float?)null));
            foreach (var result in OrderedParallel.Select(entries, entry => Extract(entry.Entry, extractor, entry.Warp, permissive)))
            {
                total++;
                progress.Add(result.Duration);
                foreach (var warning in result.Warnings)
                    log.Warning(warning);

                if (result.Features is null)
                    continue;

                output.Write(result.Key, result.Features);
                durations?.Write(result.Key, result.Duration);
                done++;
                if (total % 10 == 0)
                    log.Log($"Processed {total} utterances");
            }
        }
        catch (Exception)
        {
            output.Discard();
            durations?.Discard();
            throw;
        }

        log.Progress("");
        log.Log($" Done {done} out of {total} utterances.");
        return done != 0;
    }

    private Outcome Extract(AudioEntry entry, IFeatureExtractor extractor, float? warp, bool permissive)
    {
        AudioClip clip;
        try
        {
            clip = entry.Load();
        }
        catch (Exception failure) when (permissive && failure is InputException or IOException)
        {
            return new Outcome(entry.Key, 0, null, [failure.Message]);
        }

        var warnings = new List<string>();
        var features = Extract(entry.Key, clip, extractor, warp, warnings);
        return new Outcome(entry.Key, clip.Duration, features, warnings);
    }

    private FloatMatrix? Extract(
        string key, AudioClip clip, IFeatureExtractor extractor, float? warp, List<string> warnings)
    {
        if (clip.Duration < _minDuration)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"File: {key} is too short ({clip.Duration} sec): producing no output."));
            return null;
        }

        if (_channel >= clip.Channels)
        {
            warnings.Add(
                $"File with id {key} has {clip.Channels} channels but you specified channel {_channel}, producing no output.");
            return null;
        }

        if (_channel < 0 && clip.Channels != 1)
            warnings.Add($"Channel not specified but you have data with {clip.Channels} channels; defaulting to zero");

        if (warp is null)
        {
            warnings.Add($"No vtln-map entry for utterance-id (or speaker-id) {key}");
            return null;
        }

        try
        {
            var features = extractor.Compute(clip, Math.Max(_channel, 0), warp.Value, FeatureExtraction.DitherSeed(0, key));
            return features.Rows == 0 ? new FloatMatrix(0, 0) : features;
        }
        catch (Exception failure) when (failure is InputException or ArgumentException)
        {
            warnings.Add($"Failed to compute features for utterance {key}: {failure.Message}");
            return null;
        }
    }

    private sealed record Outcome(string Key, double Duration, FloatMatrix? Features, IReadOnlyList<string> Warnings);
}
