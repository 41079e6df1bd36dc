using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

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

        var global = _normMeans && !Rspecifier.IsTable(arguments[0]) ? Prepared(KaldiTables.DoubleMatrix.ReadOne(arguments[0], io)) : null;
        using var table = _normMeans && global is null
            ? KaldiTables.DoubleMatrix.OpenMapped(arguments[0], _utt2spk, io)
            : null;
        using var output = KaldiTables.Matrix.Create(arguments[2], io);
        var (done, errors) = (0, 0);
        try
        {
            foreach (var (key, features) in KaldiTables.Matrix.Read(arguments[1], io))
            {
                if (_normMeans)
                {
                    var sums = global;
                    if (table is not null && table.TryGet(key, out var found))
                        sums = Prepared(found);
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

    private void Apply(CmvnStatistics sums, string key, FloatMatrix features)
    {
        try
        {
            sums.Apply(features, _normVars, _reverse);
        }
        catch (Exception failure) when (failure is ArgumentException or InputException)
        {
            throw new InputException($"utterance '{key}': {failure.Message}", failure);
        }
    }

    private CmvnStatistics Prepared(double[,] sums) =>
        new CmvnStatistics(sums).WithoutDimensions(SkippedDimensions.Parse(_skipDims));
}
