using System.Globalization;
using Mimir.Base.Options;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Kaldi.Alignments;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-train-mmi-sequential: maximum mutual information over lattices.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetTrainMmiSequentialTool(TimeProvider time) : LatticeTrainingTool<NnetTrainMmiSequentialTool.Options>(
    time, "nnet-train-mmi-sequential", "Perform one iteration of MMI training using SGD with per-utterance updates")
{
    private const int TotalDigits = 8;

    /// <summary>The options.</summary>
    internal sealed record Options : LatticeTrainingOptions
    {
        /// <summary>Leave frames without gradient whose reference is not in the lattice.</summary>
        [Option("drop-frames")]
        public bool DropFrames { get; init; } = true;
    }

    // Kaldi's train_mmi.sh cuts its progress behind the second closing bracket of a log line.
    private protected override string LogName => $"{Name}:main()";

    protected override string Preposition => "of";

    protected override SequenceCriterion Criterion(Options options, TransitionModel model, KaldiLog log)
    {
        if (options.DropFrames)
        {
            log.Log("--drop-frames=true : we will zero gradient for frames with total den/num mismatch. The mismatch is likely to be "
                + "caused by missing correct path  from den-lattice due wrong annotation or search error. Leaving such frames out "
                + "stabilizes the training.");
        }

        return new MutualInformation(model, options.Scales, options.DropFrames);
    }

    protected override string Describe(LatticeUtterance utterance, SequenceResult result, float[] gradient)
    {
        var frames = utterance.Alignment.Length;
        return $"Utterance {utterance.Key}: Average MMI obj. value = {KaldiLog.Number(result.Objective / frames)} over {frames} "
            + $"frames. (Avg. den-posterior on ali {KaldiLog.Number(result.OnReference / frames)})";
    }

    protected override void WarnOfMismatch(Options options, LatticeUtterance utterance, SequenceResult result, KaldiLog log)
    {
        if (result.Mismatched.Count == 0)
            return;

        var verb = options.DropFrames ? "Dropped" : "[dropping disabled] Would drop";
        log.Warning(string.Create(
            CultureInfo.InvariantCulture,
            $"{verb} frames in {utterance.Key} {result.Mismatched.Count}/{utterance.Alignment.Length}, intervals :"
            + $"{Intervals(result.Mismatched)}"));
    }

    protected override string DescribeCounts(int done, LatticeUtterances source) =>
        $"Done {done} files, {source.WithoutAlignment} with no numerator alignments, {source.WithoutLattice} with no denominator "
        + $"lattices, {source.OtherErrors} with other errors.";

    protected override string DescribeTotal(Options options, LatticeTotals totals) =>
        $"Overall MMI-objective/frame is {KaldiLog.Number(totals.Objective / totals.Frames, TotalDigits)} over {totals.Frames} frames, "
        + $"(average den-posterior on ali {KaldiLog.Number(totals.OnReference / totals.Frames, TotalDigits)}, dropped "
        + $"{(options.DropFrames ? totals.Mismatched : 0)} frames with num/den mismatch)";

    private static string Intervals(IReadOnlyList<int> frames)
    {
        var text = "";
        for (var i = 0; i < frames.Count;)
        {
            var end = i + 1;
            while (end < frames.Count && frames[end] == frames[end - 1] + 1)
                end++;

            text += $" {frames[i]}..{frames[end - 1]}frm";
            i = end;
        }

        return text;
    }
}
