using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mimir.Kaldi.Nnet1;
using Mimir.KaldiTools.Nnetbin.Frames;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-train-frmshuff: one epoch of gradient descent on shuffled frames, or cross-validation.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetTrainFrmshuffTool(TimeProvider time) : NnetTrainingTool(
    time,
    "nnet-train-frmshuff",
    "Perform one iteration (epoch) of Neural Network training with mini-batch Stochastic Gradient Descent. The training "
    + "targets are usually pdf-posteriors, prepared by ali-to-post.")
{
    private const int BlocksAhead = 1;

    private RandomizerOptions _randomizer = new();
    private int _seed = 777;
    private bool _randomize = true;
    private int _maxFrames = 360000;
    private string _utteranceWeights = "";

    protected override string Data => "shuffled frames";

    protected override string Order => _randomize ? "RANDOMIZED, " : "NOT-RANDOMIZED, ";

    protected override void AddOptions(KaldiOptionParser parser)
    {
        base.AddOptions(parser);
        Options.RegisterObjective(parser);
        parser.AddInt(
            "randomizer-size", 32768, "Capacity of randomizer, length of concatenated utterances which are used for frame-level "
            + "shuffling (in frames)", v => _randomizer = _randomizer with { Size = v });
        parser.AddInt("randomizer-seed", 777, "Seed value, sets fixed order of frame-level shuffling", v => _seed = v);
        parser.AddInt("minibatch-size", 256, "Size of a minibatch.", v => _randomizer = _randomizer with { Minibatch = v });
        parser.AddBool("randomize", true, "Perform the frame-level shuffling within the Cache::", v => _randomize = v);
        parser.AddInt("max-frames", 360000, "Maximum number of frames an utterance can have (skipped if longer)", v => _maxFrames = v);
        parser.AddString("utt-weights", "", "Per-utterance weights, used to re-scale frame-weights.", v => _utteranceWeights = v);
    }

    protected override void CheckOptions()
    {
        if (_randomizer.Minibatch < 1 || _randomizer.Minibatch > _randomizer.Size)
            throw new ArgumentException(
                $"--minibatch-size={_randomizer.Minibatch}: expected at least 1, and no more than --randomizer-size={_randomizer.Size}.");
        base.CheckOptions();
    }

    // One that only splices and normalises: the frames lie on the device once.
    protected override bool Joins(IReadOnlyList<NnetComponent> transform) =>
        transform.Index().All(entry => entry.Item is Splice ? entry.Index == 0 : entry.Item is AddShift or Rescale or Copy);

    protected override UtteranceOptions Utterances(UtteranceOptions common) =>
        common with { UtteranceWeights = _utteranceWeights, MaxFrames = _maxFrames };

    protected override void Prepare(Nnet1Network network, KaldiLog log)
    {
        log.Log($"Seeding by srand with : {_seed}");
        network.Graph.Seed = (ulong)_seed;
    }

    protected override int Train(TrainingEpoch epoch)
    {
        var blocks = Dealer(epoch).Blocks(epoch.Source.Read());
        new FrameTrainer(epoch.Step) { LookEvery = epoch.LookEvery }.Run(epoch.Ahead(blocks, BlocksAhead), _randomizer.Minibatch);
        return epoch.Source.Done;
    }

    protected override string Nothing(UtteranceSource source) => $"No batch of {_randomizer.Minibatch} frames came together";

    protected override string Speed(double seconds, double waited, long frames) =>
        $"processing {Digits.Of(frames / seconds)} frames per sec; i/o time {Digits.Of(100 * waited / seconds)}%";

    // The order of an epoch follows from the model that it starts from, so that epochs with one seed differ.
    private FrameRandomizer Dealer(TrainingEpoch epoch)
    {
        var parameters = new float[epoch.Network.Graph.Parameters.Count];
        epoch.Network.Graph.Parameters.CopyTo(parameters);
        var fingerprint = SHA256.HashData(MemoryMarshal.AsBytes<float>(parameters));
        var offsets = epoch.Network.Components is [Splice splice, ..] ? splice.Offsets : [0];
        return new(
            _randomizer with
            {
                Shuffle = _randomize && !Options.CrossValidate,
                Seed = (ulong)_seed ^ BinaryPrimitives.ReadUInt64LittleEndian(fingerprint),
                Left = Math.Max(0, -offsets.Min()),
                Right = Math.Max(0, offsets.Max()),
            },
            epoch.Transform);
    }
}
