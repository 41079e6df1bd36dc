using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>compute-fbank-feats.</summary>
internal sealed class ComputeFbankFeatsTool() : ComputeFeatsTool<ComputeMelFeatsOptions<FbankOptions>>("fbank");

/// <summary>compute-mfcc-feats.</summary>
internal sealed class ComputeMfccFeatsTool() : ComputeFeatsTool<ComputeMelFeatsOptions<MfccOptions>>("mfcc");

/// <summary>compute-plp-feats.</summary>
internal sealed class ComputePlpFeatsTool() : ComputeFeatsTool<ComputeMelFeatsOptions<PlpOptions>>("plp");

/// <summary>compute-spectrogram-feats.</summary>
internal sealed class ComputeSpectrogramFeatsTool() : ComputeFeatsTool<ComputeSpectrogramFeatsOptions>("spectrogram");

/// <summary>The options of the programs that extract features.</summary>
internal abstract record ComputeFeatsOptions
{
    /// <summary>Gets the options of the extractor.</summary>
    internal abstract FeatureOptions Extractor { get; }

    /// <summary>Gets the options of vocal tract length normalisation.</summary>
    internal virtual VtlnOptions Vtln => new();

    /// <summary>Channel that is used: 0 left, 1 right; -1 expects mono.</summary>
    [Option("channel")]
    public int Channel { get; init; } = -1;

    /// <summary>Shortest recording in seconds; shorter ones are left out.</summary>
    [Option("min-duration")]
    public float MinDuration { get; init; }

    /// <summary>Format of the features: kaldi or htk.</summary>
    [Option("output-format")]
    public FeatureFormat OutputFormat { get; init; }

    /// <summary>Table to write the duration of each utterance to, in seconds.</summary>
    [Option("write-utt2dur")]
    public string WriteUtt2Dur { get; init; } = "";
}

/// <summary>The formats of extracted features.</summary>
internal enum FeatureFormat
{
    /// <summary>A table of matrices.</summary>
    Kaldi,

    /// <summary>A table of HTK files.</summary>
    Htk,
}

/// <summary>The options of features without mel filters.</summary>
internal sealed record ComputeSpectrogramFeatsOptions : ComputeFeatsOptions
{
    /// <summary>The extractor.</summary>
    [IncludeOptions]
    public SpectrogramOptions Features { get; init; } = new();

    internal override FeatureOptions Extractor => Features;
}

/// <summary>The options of features with mel filters.</summary>
/// <typeparam name="TFeatures">The kind of features.</typeparam>
internal sealed record ComputeMelFeatsOptions<TFeatures> : ComputeFeatsOptions
    where TFeatures : MelFeatureOptions, new()
{
    /// <summary>The extractor.</summary>
    [IncludeOptions]
    public TFeatures Features { get; init; } = new();

    /// <summary>Vocal tract length normalisation.</summary>
    [IncludeOptions]
    public VtlnOptions Warping { get; init; } = new();

    internal override FeatureOptions Extractor => Features;

    internal override VtlnOptions Vtln => Warping;
}

/// <summary>The options of vocal tract length normalisation.</summary>
internal sealed record VtlnOptions
{
    /// <summary>Warp factor, without vtln-map.</summary>
    [Option("vtln-warp")]
    public float Factor { get; init; } = 1;

    /// <summary>Table of the warp factor of each utterance, or each speaker with utt2spk.</summary>
    [Option("vtln-map")]
    public string Map { get; init; } = "";

    /// <summary>Table of the speaker of each utterance, for vtln-map.</summary>
    [Option("utt2spk", Needs = "vtln-map")]
    public string Utt2Spk { get; init; } = "";
}

/// <summary>A program that extracts features from recordings.</summary>
/// <typeparam name="TOptions">The record of its options.</typeparam>
/// <param name="kind">The kind of features.</param>
internal abstract class ComputeFeatsTool<TOptions>(string kind) : KaldiTool<TOptions>(
    $"compute-{kind}-feats", $"Create {kind} feature files.", "<wav-rspecifier> <feats-wspecifier>")
    where TOptions : ComputeFeatsOptions, new()
{
    // In HTK's units of 100 nanoseconds.
    private const int TenMilliseconds = 100_000;

    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var extractor = options.Extractor.CreateExtractor();
        var permissive = Rspecifier.Parse(arguments[0]).Permissive;
        using var warps = OpenWarps(options.Vtln, io);
        using var output = OpenOutput(options, arguments[1], io);
        using var durations = options.WriteUtt2Dur.Length == 0 ? null : KaldiTables.DoubleScalar.Create(options.WriteUtt2Dur, io);
        var progress = new ExtractionProgress(TimeProvider.System, log.Progress);
        var (total, done) = (0, 0);
        try
        {
            // One thread looks warp factors up, in the order of the recordings.
            var entries = AudioTable.Read(arguments[0], io).Select(entry => (Entry: entry, Warp: Warp(entry.Key)));
            var results = OrderedParallel.Select(entries, entry => Extract(entry.Entry, extractor, entry.Warp, options, permissive));
            foreach (var result in results)
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

        float? Warp(string key) => warps is null ? options.Vtln.Factor : warps.TryGet(key, out var factor) ? factor : null;
    }

    private static RandomAccessTable<float>? OpenWarps(VtlnOptions options, KaldiIoOptions io) =>
        options.Map.Length == 0 ? null : KaldiTables.FloatScalar.OpenMapped(options.Map, options.Utt2Spk, io);

    private static TableWriter<FloatMatrix> OpenOutput(TOptions options, string wspecifier, KaldiIoOptions io)
    {
        var table = options.OutputFormat == FeatureFormat.Htk ? KaldiTables.HtkWith(Header(options.Extractor)) : KaldiTables.Matrix;
        return table.Create(wspecifier, io);
    }

    private static Outcome Extract(AudioEntry entry, IFeatureExtractor extractor, float? warp, TOptions options, bool permissive)
    {
        AudioClip clip;
        try
        {
            clip = entry.Load();
        }
        catch (Exception failure) when (permissive && failure is InputException or IOException)
        {
            return new Outcome(entry.Key, 0, null, [$"{failure.Message} '{entry.Key}' is passed over."]);
        }

        List<string> warnings = clip.Warning is null ? [] : [clip.Warning];
        var features = Extract(entry.Key, clip, extractor, warp, options, warnings);
        return new Outcome(entry.Key, clip.Duration, features, warnings);
    }

    private static FloatMatrix? Extract(
        string key, AudioClip clip, IFeatureExtractor extractor, float? warp, TOptions options, List<string> warnings)
    {
        if (clip.Duration < options.MinDuration)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"File: {key} is too short ({clip.Duration} sec): producing no output."));
            return null;
        }

        if (options.Channel >= clip.Channels)
        {
            warnings.Add(
                $"File with id {key} has {clip.Channels} channels but you specified channel {options.Channel}, producing no output.");
            return null;
        }

        if (options.Channel < 0 && clip.Channels != 1)
            warnings.Add($"Channel not specified but you have data with {clip.Channels} channels; defaulting to zero");

        if (warp is null)
        {
            warnings.Add($"No vtln-map entry for utterance-id (or speaker-id) {key}");
            return null;
        }

        try
        {
            var features = extractor.Compute(clip, Math.Max(options.Channel, 0), warp.Value, SeededRandom.SeedOf(0, key));
            if (features.Rows > 0)
                return features;

            warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"File: {key} is shorter than a window ({clip.Duration} sec): it has no frames."));
            return new FloatMatrix(0, 0);
        }
        catch (InputException failure)
        {
            warnings.Add($"Failed to compute features for utterance {key}: {failure.Message}");
            return null;
        }
    }

    // As in Kaldi, only spectrograms use the frame shift, and PLP never has the flag of energy.
    private static HtkHeader Header(FeatureOptions options) => options switch
    {
        MfccOptions { UseEnergy: true } => new HtkHeader(TenMilliseconds, HtkHeader.Mfcc | HtkHeader.WithEnergy),
        MfccOptions => new HtkHeader(TenMilliseconds, HtkHeader.Mfcc | HtkHeader.WithC0),
        PlpOptions => new HtkHeader(TenMilliseconds, HtkHeader.Plp | HtkHeader.WithC0),
        FbankOptions { UseEnergy: true } => new HtkHeader(TenMilliseconds, HtkHeader.FilterBank | HtkHeader.WithEnergy),
        FbankOptions => new HtkHeader(TenMilliseconds, HtkHeader.FilterBank | HtkHeader.WithC0),
        _ => new HtkHeader((int)(options.Frame.FrameShift * 10_000), HtkHeader.FilterBank | HtkHeader.WithC0),
    };

    private sealed record Outcome(string Key, double Duration, FloatMatrix? Features, IReadOnlyList<string> Warnings);
}
