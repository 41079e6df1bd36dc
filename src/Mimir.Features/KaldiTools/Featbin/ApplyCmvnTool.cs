using System.Globalization;
using Mimir.Features.Extraction;
using Mimir.Features.Tables;

namespace Mimir.Features.KaldiTools.Featbin;

/// <summary>apply-cmvn: subtracts means and divides by deviations.</summary>
internal sealed class ApplyCmvnTool : KaldiTool
{
    private string _utt2spk = "";
    private bool _normMeans = true;
    private bool _normVars;
    private bool _reverse;
    private string _skipDims = "";

    /// <summary>Creates the program.</summary>
    public ApplyCmvnTool()
        : base(
            "apply-cmvn",
            "Apply cepstral mean and (optionally) variance normalization; statistics in a file are global.",
            "(<cmvn-stats-rspecifier>|<cmvn-stats-rxfilename>) <feats-rspecifier> <feats-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddString("utt2spk", "", "rspecifier for utterance to speaker map", v => _utt2spk = v);
        parser.AddBool("norm-vars", false, "If true, normalize variances.", v => _normVars = v);
        parser.AddBool(
            "norm-means", true, "You can set this to false to turn off mean normalization.", v => _normMeans = v);
        parser.AddString(
            "skip-dims", "", "Dimensions for which to skip normalization: colon-separated list", v => _skipDims = v);
        parser.AddBool("reverse", false, "If true, apply CMVN in a reverse sense", v => _reverse = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (_normVars && !_normMeans)
            throw new ArgumentException("--norm-vars=true needs --norm-means=true.");

        var speakers = SpeakerMap.Read(_utt2spk, io);
        var statistics = _normMeans ? Statistics(arguments[0], io) : _ => null;
        using var output = new MatrixTableWriter(arguments[2], io);
        var (done, errors) = (0, 0);
        try
        {
            foreach (var (key, features) in MatrixTable.Read(arguments[1], io))
            {
                if (_normMeans)
                {
                    var sums = SpeakerMap.TryGet(speakers, key, out var owner) ? statistics(owner) : null;
                    if (sums is null)
                    {
                        log.Warning(
                            $"No normalization statistics available for key {key}, producing no output for this utterance");
                        errors++;
                        continue;
                    }

                    Apply(sums, key, features);
                }

                output.Write(key, features);
                done++;
            }
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }

        var what = _normVars ? "mean and variance" : "mean";
        log.Log(_normMeans
            ? $"Applied cepstral {what} normalization to {done} utterances, errors on {errors}"
            : $"Copied {done} utterances.");
        return done != 0;
    }

    private void Apply(CmvnStatistics sums, string key, Matrices.FloatMatrix features)
    {
        try
        {
            sums.Apply(features, _normVars, _reverse);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new FormatException($"utterance '{key}': {failure.Message}", failure);
        }
    }

    private Func<string, CmvnStatistics?> Statistics(string source, KaldiIoOptions io)
    {
        if (Rspecifier.IsTable(source))
        {
            var table = DoubleMatrixTable.Read(source, io).ToDictionary(pair => pair.Key, pair => Prepared(pair.Value));
            return table.GetValueOrDefault;
        }

        var global = Prepared(DoubleMatrixTable.ReadOne(source, io));
        return _ => global;
    }

    private CmvnStatistics Prepared(double[,] sums) => new CmvnStatistics(sums).WithoutDimensions(
        _skipDims.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(Dimension));

    private int Dimension(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ArgumentException($"--skip-dims: expected integers with colons between them, got '{_skipDims}'.");
}
