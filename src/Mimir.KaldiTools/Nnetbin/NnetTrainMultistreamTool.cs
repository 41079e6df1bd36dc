using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-train-multistream: truncated back-propagation through time on several streams of utterances.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetTrainMultistreamTool(TimeProvider time) : SequenceTrainingTool<NnetTrainMultistreamTool.Options>(
    time,
    "nnet-train-multistream",
    "Perform one iteration of Multi-stream training, truncated BPTT for LSTMs. The training targets are pdf-posteriors, usually "
    + "prepared by ali-to-post.")
{
    /// <summary>The options.</summary>
    internal sealed record Options : ObjectiveOptions
    {
        /// <summary>Frames of a stream in a batch.</summary>
        [Option("batch-size", Min = 1)]
        public int Frames { get; init; } = 20;

        /// <summary>Number of streams.</summary>
        [Option("num-streams", Min = 1)]
        public int Streams { get; init; } = 4;

        /// <summary>Accepted for Kaldi's command lines; without effect.</summary>
        [Option("randomize")]
        public bool Randomize { get; init; }
    }

    protected override IReadOnlyList<string> EndMessages =>
    [
        "No more data to re-fill one of the streams, end of the training!",
        "(remaining stubs of data are discarded, don't overtrain on them)",
    ];

    protected override void CheckNetwork(IReadOnlyList<NnetComponent> components, string file)
    {
        base.CheckNetwork(components, file);
        if (components.OfType<LstmProjected>().Any() && components.OfType<BlstmProjected>().Any())
        {
            throw new InputException(
                $"{file}: <LstmProjected> carries its state on where <BlstmProjected> starts anew with each batch; train them together "
                + "with nnet-train-multistream-perutt.");
        }
    }

    protected override IEnumerable<SequenceBatch> Batches(
        Options options, UtteranceSource source, Func<FloatMatrix, FloatMatrix> transform, KaldiLog log) =>
        new StreamFiller(options.Streams, options.Frames, transform).Batches(source.Read());

    protected override string DescribeSpeed(double seconds, double waited, long frames) =>
        $"processing {KaldiLog.Number(frames / seconds)} frames per sec, "
        + $"GPU_time {KaldiLog.Number(100 * (seconds - waited) / seconds)}% ";
}
