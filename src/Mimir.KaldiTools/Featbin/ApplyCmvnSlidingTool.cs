using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>apply-cmvn-sliding: normalises by a window that moves along.</summary>
internal sealed class ApplyCmvnSlidingTool : KaldiTool
{
    private SlidingCmvnOptions _options = new();
    private int _maxWarnings = 5;

    /// <summary>Creates the program.</summary>
    public ApplyCmvnSlidingTool()
        : base(
            "apply-cmvn-sliding",
            "Apply sliding-window cepstral mean (and optionally variance) normalization per utterance.",
            "<feats-rspecifier> <feats-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddInt(
            "cmn-window", 600, "Window in frames for running average CMN computation", v => _options = _options with { Window = v });
        parser.AddInt(
            "min-cmn-window",
            100,
            "Minimum CMN window used at start of decoding; ignored if center=true",
            v => _options = _options with { MinWindow = v });
        parser.AddInt(
            "max-warnings", 5, "Maximum warnings to report per utterance. 0 to disable, -1 to show all.", v => _maxWarnings = v);
        parser.AddBool("norm-vars", false, "If true, normalize variance to one.", v => _options = _options with { NormVars = v });
        parser.AddBool(
            "center",
            false,
            "If true, use a window centered on the current frame; if false, window is to the left.",
            v => _options = _options with { Centered = v });
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var sliding = new SlidingCmvn(_options);
        var counts = FeatureTables.Map(arguments[0], arguments[1], io, (key, features) =>
        {
            if (features.Rows > 0)
                return Apply(sliding, features, log);

            log.Warning($"Empty feature matrix for utterance {key}");
            return null;
        });
        var what = _options.NormVars ? "and variance " : "";
        log.Log(
            $"Applied sliding-window cepstral mean {what}normalization to {counts.Done} utterances, {counts.Errors} had errors.");
        return counts.Done != 0;
    }

    private FloatMatrix Apply(SlidingCmvn sliding, FloatMatrix features, KaldiLog log)
    {
        var warnings = 0;
        return sliding.Apply(features, (flat, frames) =>
        {
            if (warnings == _maxWarnings)
                log.Warning("Suppressing the remaining variance flooring warnings. Run program with --max-warnings=-1 to see all.");
            else if (_maxWarnings < 0 || warnings < _maxWarnings)
                log.Warning($"Flooring when normalizing variance, floored {flat} elements; num-frames was {frames}");

            warnings++;
        });
    }
}
