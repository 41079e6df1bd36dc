using System.Numerics.Tensors;
using Mimir.Base.Options;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Kaldi.Alignments;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Latbin;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-train-mpe-sequential: the expected accuracy of phones or states over lattices.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetTrainMpeSequentialTool(TimeProvider time) : LatticeTrainingTool<NnetTrainMpeSequentialTool.Options>(
    time, "nnet-train-mpe-sequential", "Perform one iteration of MPE/sMBR training using SGD with per-utterance updates.")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeTrainingOptions
    {
        /// <summary>Silence phones, as integers with colons between them.</summary>
        [Option("silence-phones")]
        public string SilencePhones { get; init; } = "";

        /// <summary>Silence is right where the reference is of any silence; else it is never right.</summary>
        [Option("one-silence-class")]
        public bool OneSilenceClass { get; init; }

        /// <summary>Compare states (sMBR) instead of phones (MPE).</summary>
        [Option("do-smbr")]
        public bool States { get; init; }

        /// <summary>Gets the silence phones.</summary>
        public HashSet<int> Silence => [.. IntegerList.Parse("silence-phones", SilencePhones)];
    }

    protected override string Preposition => "for";

    protected override void Announce(Options options, KaldiLog log)
    {
        if (options.Silence.Count == 0)
            log.Log("No silence phones specified.");
    }

    protected override SequenceCriterion Criterion(Options options, TransitionModel model, KaldiLog log) => new FrameAccuracy(
        model,
        options.Scales,
        new(options.States ? AccuracyUnit.State : AccuracyUnit.Phone, options.Silence, options.OneSilenceClass));

    protected override string Describe(LatticeUtterance utterance, SequenceResult result, float[] gradient)
    {
        var frames = utterance.Alignment.Length;
        var least = TensorPrimitives.Min<float>(gradient);
        var most = TensorPrimitives.Max<float>(gradient);
        return $"Utterance {utterance.Key}: Average frame accuracy = {KaldiLog.Number(result.Objective / frames)} over {frames} "
            + $"frames, diff-range({KaldiLog.Number(least)},{KaldiLog.Number(most)})";
    }

    protected override string DescribeCounts(int done, LatticeUtterances source) =>
        $"Done {done} files, {source.WithoutAlignment} with no reference alignments, {source.WithoutLattice} with no lattices, "
        + $"{source.OtherErrors} with other errors.";

    protected override string DescribeTotal(Options options, LatticeTotals totals) =>
        $"Overall average frame-accuracy is {KaldiLog.Number(totals.Objective / totals.Frames)} over {totals.Frames} frames.";
}
