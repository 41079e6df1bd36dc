using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mimir.Common;
using Mimir.Core.Optimisers;
using Mimir.Features.KaldiTools;
using Mimir.Features.Nnet1;
using Mimir.Features.Tables;
using Mimir.Train.Evaluation;
using Mimir.Train.KaldiTools.Frames;
using Mimir.Train.KaldiTools.Objectives;

namespace Mimir.Train.KaldiTools;

/// <summary>nnet-train-frmshuff: one epoch of gradient descent on shuffled frames, or cross-validation.</summary>
internal sealed class NnetTrainFrmshuffTool : KaldiTool
{
    // What Kaldi does at --verbose=2.
    private const int VerboseLookEvery = 25000;
    private const int BlocksAhead = 1;

    private readonly TimeProvider _time;
    private readonly EngineOptions _engine = new("yes");
    private KaldiOptionParser? _parser;
    private float _rate = 0.008f;
    private SgdOptions _sgd = new();
    private RandomizerOptions _randomizer = new();
    private int _seed = 777;
    private int _reportFrames = 5 * 3600 * 100;
    private bool _binary = true;
    private bool _crossValidate;
    private bool _randomize = true;
    private string _transform = "";
    private string _objective = "xent";
    private int _maxFrames = 360000;
    private int _tolerance = 5;
    private string _frameWeights = "";
    private string _utteranceWeights = "";

    /// <summary>Creates the program.</summary>
    /// <param name="time">The clock of its speed.</param>
    public NnetTrainFrmshuffTool(TimeProvider time)
        : base(
            "nnet-train-frmshuff",
            "Perform one iteration (epoch) of Neural Network training with mini-batch Stochastic Gradient Descent. The training "
            + "targets are usually pdf-posteriors, prepared by ali-to-post.",
            "<feature-rspecifier> <targets-rspecifier> <model-in> [<model-out>]") => _time = time;

    protected override void AddOptions(KaldiOptionParser parser)
    {
        _parser = parser;
        parser.AddFloat("learn-rate", 0.008f, "Learning rate", v => _rate = v);
        parser.AddFloat("momentum", 0, "Momentum", v => _sgd = _sgd with { Momentum = v });
        parser.AddFloat("l2-penalty", 0, "L2 penalty (weight decay)", v => _sgd = _sgd with { L2 = v });
        parser.AddFloat("l1-penalty", 0, "L1 penalty (promote sparsity)", v => _sgd = _sgd with { L1 = v });
        parser.AddInt(
            "randomizer-size", 32768, "Capacity of randomizer, length of concatenated utterances which are used for frame-level "
            + "shuffling (in frames)", v => _randomizer = _randomizer with { Size = v });
        parser.AddInt("randomizer-seed", 777, "Seed value, sets fixed order of frame-level shuffling", v => _seed = v);
        parser.AddInt("minibatch-size", 256, "Size of a minibatch.", v => _randomizer = _randomizer with { Minibatch = v });
        parser.AddInt("loss-report-frames", _reportFrames, "Report loss per blocks of N frames (0 = no reports)", v => _reportFrames = v);
        parser.AddBool("binary", true, "Write output in binary mode", v => _binary = v);
        parser.AddBool("cross-validate", false, "Perform cross-validation (don't back-propagate)", v => _crossValidate = v);
        parser.AddBool("randomize", true, "Perform the frame-level shuffling within the Cache::", v => _randomize = v);
        parser.AddString("feature-transform", "", "Feature transform in Nnet format", v => _transform = v);
        parser.AddString("objective-function", "xent", "Objective function : xent|mse|multitask", v => _objective = v);
        parser.AddInt("max-frames", 360000, "Maximum number of frames an utterance can have (skipped if longer)", v => _maxFrames = v);
        parser.AddInt(
            "length-tolerance", 5, "Allowed length mismatch of features/targets/weights (in frames, we truncate to the shortest)",
            v => _tolerance = v);
        parser.AddString("frame-weights", "", "Per-frame weights, used to re-scale gradients.", v => _frameWeights = v);
        parser.AddString("utt-weights", "", "Per-utterance weights, used to re-scale frame-weights.", v => _utteranceWeights = v);
        _engine.Register(parser);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (arguments.Count != (_crossValidate ? 3 : 4))
        {
            log.Error(_crossValidate
                ? "--cross-validate=true takes features, targets and a model, and writes none."
                : "Training takes features, targets, a model, and where to write the new one.");
            return false;
        }

        CheckOptions();
        var device = _engine.Select();
        var transform = NetworkReading.Transform(_transform, io);
        var components = NetworkReading.Network(arguments[2], io);
        if (_crossValidate)
        {
            NetworkReading.DisableDropout(transform, log);
            NetworkReading.DisableDropout(components, log);
        }

        CheckNetwork(transform, components, arguments[2]);
        log.Log($"Seeding by srand with : {_seed}");
        var objective = new ObjectiveParser(components[^1], _reportFrames, log, _time).Parse(_objective);
        var source = new UtteranceSource(
            new()
            {
                Features = arguments[0],
                Targets = arguments[1],
                FrameWeights = _frameWeights,
                UtteranceWeights = _utteranceWeights,
                MaxFrames = _maxFrames,
                LengthTolerance = _tolerance,
            },
            components[^1].OutputDim,
            log,
            io);

        // A transform that only splices and normalises is computed with the network, from frames that lie on the device once.
        List<NnetComponent> joined = IsGather(transform) ? transform : [];
        using var apart = joined.Count == transform.Count ? null : new Nnet1Pipeline(device, transform, _transform);
        using var network = Nnet1Network.Build(device, [.. joined, .. components], arguments[2], constants: joined.Count);
        using var statistics = new NetworkStatistics(device, joined, components, arguments[2]);
        network.Graph.Seed = (ulong)_seed;
        Train(network, statistics, objective, source, Dealer(network, joined, apart), log);
        if (!_crossValidate)
            NetworkWriting.Write([.. network.ToComponents().Skip(joined.Count)], arguments[3], _binary, io);

        if (objective.ReportPerClass() is { } perClass)
            log.Log(perClass);
        log.Log(objective.Report());
        return true;
    }

    private static bool IsGather(List<NnetComponent> transform) =>
        transform.Index().All(entry => entry.Item is Splice ? entry.Index == 0 : entry.Item is AddShift or Rescale or Copy);

    private void CheckOptions()
    {
        if (_randomizer.Minibatch < 1 || _randomizer.Minibatch > _randomizer.Size)
            throw new ArgumentException(
                $"--minibatch-size={_randomizer.Minibatch}: expected at least 1, and no more than --randomizer-size={_randomizer.Size}.");
        if (!float.IsFinite(_rate) || _sgd.Momentum is not (>= 0 and < 1) || !(_sgd.L1 >= 0) || !(_sgd.L2 >= 0))
            throw new ArgumentException("expected a finite --learn-rate, a --momentum in [0, 1), and penalties of 0 or more.");
    }

    private void CheckNetwork(List<NnetComponent> transform, List<NnetComponent> components, string file)
    {
        if (transform.Count > 0 && transform[^1].OutputDim != components[0].InputDim)
            throw new FormatException(
                $"{file}: takes {components[0].InputDim} inputs, {_transform} gives {transform[^1].OutputDim}.");
        if (components.OfType<Splice>().Any())
            throw new FormatException($"{file}: <Splice> cannot be trained on shuffled frames; put it into --feature-transform.");
        if (components.SkipLast(1).OfType<Softmax>().Any())
            throw new FormatException($"{file}: <Softmax> stands at the end of a network; within it, use <HiddenSoftmax>.");
    }

    // The order of an epoch follows from the model that it starts from, so that epochs with one seed differ.
    private FrameRandomizer Dealer(Nnet1Network network, List<NnetComponent> joined, Nnet1Pipeline? apart)
    {
        var parameters = new float[network.Graph.Parameters.Count];
        network.Graph.Parameters.CopyTo(parameters);
        var fingerprint = SHA256.HashData(MemoryMarshal.AsBytes<float>(parameters));
        var offsets = joined is [Splice splice, ..] ? splice.Offsets : [0];
        return new(
            _randomizer with
            {
                Shuffle = _randomize && !_crossValidate,
                Seed = (ulong)_seed ^ BinaryPrimitives.ReadUInt64LittleEndian(fingerprint),
                Left = Math.Max(0, -offsets.Min()),
                Right = Math.Max(0, offsets.Max()),
            },
            apart is null ? null : apart.Forward);
    }

    private void Train(
        Nnet1Network network, NetworkStatistics statistics, Objective objective, UtteranceSource source, FrameRandomizer dealer,
        KaldiLog log)
    {
        using var optimiser = _crossValidate ? null : new Sgd(_sgd);
        var step = new TrainingStep(network.Graph, objective, optimiser, _rate, statistics, log);
        var trainer = new FrameTrainer(step) { LookEvery = _parser is { Verbose: >= 2 } ? VerboseLookEvery : 0 };
        var start = _time.GetTimestamp();
        log.Log($"{Kind} STARTED");
        var waited = TimeSpan.Zero;
        trainer.Run(
            Waiting.Timed(ReadAhead.Of(dealer.Blocks(source.Read()), BlocksAhead), _time, span => waited += span), _randomizer.Minibatch);
        var seconds = _time.GetElapsedTime(start).TotalSeconds;
        var counts = $"Done {source.Done} files, {source.WithoutTargets} with no tgt_mats, {source.OtherErrors} with other errors. ";
        if (step.Frames == 0)
            throw new FormatException($"{counts}No batch of {_randomizer.Minibatch} frames came together, so there is no result.");
        if (!network.Graph.Parameters.IsFinite())
            throw new FormatException($"the network is not finite after {step.Frames} frames: it diverges; lower --learn-rate.");

        log.Log($"{counts}[{Kind}, {(_randomize ? "RANDOMIZED" : "NOT-RANDOMIZED")}, {Digits.Of(seconds / 60)} min, "
            + $"processing {Digits.Of(step.Frames / seconds)} frames per sec; i/o time {Digits.Of(100 * waited.TotalSeconds / seconds)}%]");
    }

    private string Kind => _crossValidate ? "CROSS-VALIDATION" : "TRAINING";
}
