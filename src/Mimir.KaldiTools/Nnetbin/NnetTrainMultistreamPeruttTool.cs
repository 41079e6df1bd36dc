using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-train-multistream-perutt: back-propagation through whole utterances, several of them at once.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetTrainMultistreamPeruttTool(TimeProvider time) : SequenceTrainingTool<NnetTrainMultistreamPeruttTool.Options>(
    time,
    "nnet-train-multistream-perutt",
    "Perform one iteration of Multi-stream training, per-utterance BPTT for (B)LSTMs. The updates are done per-utterance, while "
    + "several utterances are processed at the same time.")
{
    /// <summary>The options.</summary>
    internal sealed record Options : TrainingOptions
    {
        /// <summary>Utterances of a batch; fewer when they are long.</summary>
        [Option("num-streams", Min = 1)]
        public int Streams { get; init; } = 20;

        /// <summary>Frames of a batch with its padding; longer utterances are skipped.</summary>
        [Option("max-frames", Min = 1)]
        public float MaxFrames { get; init; } = 8000;

        /// <summary>Accepted for Kaldi's command lines; without effect.</summary>
        [Option("randomize")]
        public bool Randomize { get; init; }
    }

    protected override int StatisticsLevel => 3;

    protected override UtteranceOptions SelectUtterances(Options options, UtteranceOptions common) =>
        base.SelectUtterances(options, common) with { MaxFrames = (int)Math.Min(options.MaxFrames, int.MaxValue) };

    protected override IEnumerable<SequenceBatch> Batches(
        Options options, UtteranceSource source, Func<FloatMatrix, FloatMatrix> transform, KaldiLog log) =>
        new UtteranceGrouper(options.Streams, options.MaxFrames, transform).Batches(new LengthBuffer(source.ReadFeatures(), log), source);

    protected override string DescribeSpeed(double seconds, double waited, long frames) => $"fps{KaldiLog.Number(frames / seconds)}";
}
