using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.KaldiTools.Nnetbin.Frames;
using Mimir.KaldiTools.Nnetbin.Sequences;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-train-multistream: truncated back-propagation through time on several streams of utterances.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetTrainMultistreamTool(TimeProvider time) : SequenceTrainingTool(
    time,
    "nnet-train-multistream",
    "Perform one iteration of Multi-stream training, truncated BPTT for LSTMs. The training targets are pdf-posteriors, usually "
    + "prepared by ali-to-post.")
{
    private int _frames = 20;
    private int _streams = 4;

    protected override IReadOnlyList<string> LastWords =>
    [
        "No more data to re-fill one of the streams, end of the training!",
        "(remaining stubs of data are discarded, don't overtrain on them)",
    ];

    protected override void AddOptions(KaldiOptionParser parser)
    {
        base.AddOptions(parser);
        Options.RegisterObjective(parser);
        parser.AddInt("batch-size", 20, "Length of 'one stream' in the Multi-stream training", v => _frames = v);
        parser.AddInt("num-streams", 4, "Number of streams in the Multi-stream training", v => _streams = v);
    }

    protected override void CheckOptions()
    {
        base.CheckOptions();
        if (_frames < 1 || _streams < 1)
            throw new ArgumentException($"--batch-size={_frames} --num-streams={_streams}: expected at least 1 of each.");
    }

    protected override void CheckNetwork(IReadOnlyList<NnetComponent> components, string file)
    {
        base.CheckNetwork(components, file);
        if (components.OfType<LstmProjected>().Any() && components.OfType<BlstmProjected>().Any())
            throw new InputException(
                $"{file}: <LstmProjected> goes on where <BlstmProjected> starts anew with each batch; train them together with "
                + "nnet-train-multistream-perutt.");
    }

    protected override IEnumerable<SequenceBatch> Batches(
        UtteranceSource source, Func<FloatMatrix, FloatMatrix> transform, KaldiLog log) =>
        new StreamFiller(_streams, _frames, transform).Batches(source.Read());

    protected override string Speed(double seconds, double waited, long frames) =>
        $"processing {Digits.Of(frames / seconds)} frames per sec, GPU_time {Digits.Of(100 * (seconds - waited) / seconds)}% ";
}
