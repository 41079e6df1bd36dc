using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>apply-cmvn-sliding: normalises features over a sliding window.</summary>
internal sealed class ApplyCmvnSlidingTool()
    : KaldiTool<ApplyCmvnSlidingTool.Options>(
        "apply-cmvn-sliding",
        "Apply sliding-window cepstral mean (and optionally variance) normalization per utterance.",
        "<feats-rspecifier> <feats-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>The normalisation.</summary>
        [IncludeOptions]
        public SlidingCmvnOptions Cmvn { get; init; } = new();

        /// <summary>Warnings of floored variances for each utterance; 0 for none, -1 for all.</summary>
        [Option("max-warnings")]
        public int MaxWarnings { get; init; } = 5;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var sliding = new SlidingCmvn(options.Cmvn);
        var counts = TableLoops.MapMatrices(arguments[0], arguments[1], io, (key, features) =>
        {
            if (features.Rows > 0)
                return Apply(sliding, features, options.MaxWarnings, log);

            log.Warning($"Empty feature matrix for utterance {key}");
            return null;
        });
        var what = options.Cmvn.NormVars ? "and variance " : "";
        log.Log(
            $"Applied sliding-window cepstral mean {what}normalization to {counts.Done} utterances, {counts.Errors} had errors.");
        return counts.Done != 0;
    }

    private static FloatMatrix Apply(SlidingCmvn sliding, FloatMatrix features, int maxWarnings, KaldiLog log)
    {
        var warnings = 0;
        return sliding.Apply(features, (flat, frames) =>
        {
            if (warnings == maxWarnings)
                log.Warning("Suppressing the remaining variance flooring warnings. Run program with --max-warnings=-1 to see all.");
            else if (maxWarnings < 0 || warnings < maxWarnings)
                log.Warning($"Flooring when normalizing variance, floored {flat} elements; num-frames was {frames}");

            warnings++;
        });
    }
}
