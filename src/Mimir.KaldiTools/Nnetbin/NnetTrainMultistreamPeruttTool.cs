using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.Nnetbin.Frames;
using Mimir.KaldiTools.Nnetbin.Sequences;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-train-multistream-perutt: back-propagation through whole utterances, several of them at once.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetTrainMultistreamPeruttTool(TimeProvider time) : SequenceTrainingTool(
    time,
    "nnet-train-multistream-perutt",
    "Perform one iteration of Multi-stream training, per-utterance BPTT for (B)LSTMs. The updates are done per-utterance, while "
    + "several utterances are processed at the same time.")
{
    private int _streams = 20;
    private float _maxFrames = 8000;

    protected override int VerboseLooks => 3;

    protected override void AddOptions(KaldiOptionParser parser)
    {
        base.AddOptions(parser);
        parser.AddInt(
            "num-streams", 20, "Number of sentences processed in parallel (can be lower if sentences are long)", v => _streams = v);
        parser.AddFloat("max-frames", 8000, "Max number of frames to be processed", v => _maxFrames = v);
    }

    protected override void CheckOptions()
    {
        base.CheckOptions();
        if (_streams < 1 || !(_maxFrames >= 1))
            throw new ArgumentException($"--num-streams={_streams} --max-frames={_maxFrames}: expected at least 1 of each.");
    }

    protected override UtteranceOptions Utterances(UtteranceOptions common) =>
        base.Utterances(common) with { MaxFrames = (int)Math.Min(_maxFrames, int.MaxValue) };

    protected override IEnumerable<SequenceBatch> Batches(
        UtteranceSource source, Func<FloatMatrix, FloatMatrix> transform, KaldiLog log) =>
        new UtteranceGrouper(_streams, _maxFrames, transform).Batches(new LengthBuffer(source.ReadFeatures(), log), source);

    protected override string Speed(double seconds, double waited, long frames) => $"fps{Digits.Of(frames / seconds)}";
}
