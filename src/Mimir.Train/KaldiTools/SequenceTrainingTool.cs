using Mimir.Common;
using Mimir.Core.Optimisers;
using Mimir.Features.KaldiTools;
using Mimir.Features.Matrices;
using Mimir.Features.Nnet1;
using Mimir.Features.Tables;
using Mimir.Train.Evaluation;
using Mimir.Train.KaldiTools.Frames;
using Mimir.Train.KaldiTools.Objectives;
using Mimir.Train.KaldiTools.Sequences;

namespace Mimir.Train.KaldiTools;

/// <summary>What nnet1's trainers of recurrent networks have in common: one epoch, or cross-validation, on sequences.</summary>
/// <param name="time">The clock of its speed.</param>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">What it does.</param>
internal abstract class SequenceTrainingTool(TimeProvider time, string name, string summary)
    : KaldiTool(name, summary, "<feature-rspecifier> <targets-rspecifier> <model-in> [<model-out>]")
{
    // What Kaldi does when it is verbose.
    private const int VerboseLookEvery = 25000;
    private const int BatchesAhead = 8;

    private readonly EngineOptions _engine = new("yes");
    private KaldiOptionParser? _parser;
    private float _rate = 0.008f;
    private SgdOptions _sgd = new();
    private int _reportFrames = 5 * 3600 * 100;
    private bool _binary = true;
    private bool _crossValidate;
    private string _transform = "";
    private int _tolerance = 5;
    private string _frameWeights = "";

    /// <summary>Gets the objective's description.</summary>
    protected virtual string Objective => "xent";

    /// <summary>Gets the frames of the longest utterance that is used.</summary>
    protected virtual int MaxFrames => int.MaxValue;

    /// <summary>Gets from which verbosity on the network is looked at more often.</summary>
    protected abstract int VerboseLooks { get; }

    /// <summary>Gets what is said before the last batch is told of.</summary>
    protected virtual IReadOnlyList<string> LastWords => [];

    private string Kind => _crossValidate ? "CROSS-VALIDATION" : "TRAINING";

    protected override void AddOptions(KaldiOptionParser parser)
    {
        _parser = parser;
        parser.AddFloat("learn-rate", 0.008f, "Learning rate", v => _rate = v);
        parser.AddFloat("momentum", 0, "Momentum", v => _sgd = _sgd with { Momentum = v });
        parser.AddFloat("l2-penalty", 0, "L2 penalty (weight decay)", v => _sgd = _sgd with { L2 = v });
        parser.AddFloat("l1-penalty", 0, "L1 penalty (promote sparsity)", v => _sgd = _sgd with { L1 = v });
        parser.AddInt("loss-report-frames", _reportFrames, "Report loss per blocks of N frames (0 = no reports)", v => _reportFrames = v);
        parser.AddBool("binary", true, "Write output in binary mode", v => _binary = v);
        parser.AddBool("cross-validate", false, "Perform cross-validation (don't back-propagate)", v => _crossValidate = v);
        parser.AddString("feature-transform", "", "Feature transform in Nnet format", v => _transform = v);
        parser.AddInt("length-tolerance", 5, "Allowed length difference of features/targets (frames)", v => _tolerance = v);
        parser.AddString(
            "frame-weights", "", "Per-frame weights to scale gradients (frame selection/weighting).", v => _frameWeights = v);
        parser.AddBool("randomize", false, "Dummy option.", _ => { });
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
        var objective = new ObjectiveParser(components[^1], _reportFrames, log, time).Parse(Objective);
        var source = new UtteranceSource(
            new()
            {
                Features = arguments[0],
                Targets = arguments[1],
                FrameWeights = _frameWeights,
                MissingFrameWeights = "missing frame-weights",
                KeepsFramesWithoutWeight = true,
                MaxFrames = MaxFrames,
                LengthTolerance = _tolerance,
            },
            components[^1].OutputDim,
            log,
            io);
        using var pipeline = new Nnet1Pipeline(device, transform, _transform);
        using var network = Nnet1Network.Build(device, components, arguments[2]);
        using var statistics = new NetworkStatistics(device, [], components, arguments[2]);
        var batches = Batches(MatrixTable.Read(arguments[0], io), source, pipeline.Forward, log);
        var done = Train(network, statistics, objective, source, batches, log);
        if (!_crossValidate)
            NetworkWriting.Write(network.ToComponents(), arguments[3], _binary, io);
        if (objective.ReportPerClass() is { } perClass)
            log.Log(perClass);

        log.Log(done);
        log.Log(objective.Report());
        return true;
    }

    /// <summary>Makes the batches.</summary>
    /// <param name="features">The table of features, which is read as batches are asked for.</param>
    /// <param name="source">Joins it with the targets.</param>
    /// <param name="transform">What is done to each utterance first.</param>
    /// <param name="log">Receives what the making of batches tells.</param>
    protected abstract IEnumerable<SequenceBatch> Batches(
        IEnumerable<KeyValuePair<string, FloatMatrix>> features, UtteranceSource source, Func<FloatMatrix, FloatMatrix> transform,
        KaldiLog log);

    /// <summary>Checks the program's own options.</summary>
    /// <exception cref="ArgumentException">A value means nothing.</exception>
    protected virtual void CheckOptions()
    {
        if (!float.IsFinite(_rate) || _sgd.Momentum is not (>= 0 and < 1) || !(_sgd.L1 >= 0) || !(_sgd.L2 >= 0))
            throw new ArgumentException("expected a finite --learn-rate, a --momentum in [0, 1), and penalties of 0 or more.");
    }

    /// <summary>Checks that the program can train the network.</summary>
    /// <exception cref="FormatException">It cannot.</exception>
    protected virtual void CheckNetwork(IReadOnlyList<NnetComponent> transform, IReadOnlyList<NnetComponent> components, string file)
    {
        if (transform.Count > 0 && transform[^1].OutputDim != components[0].InputDim)
            throw new FormatException(
                $"{file}: takes {components[0].InputDim} inputs, {_transform} gives {transform[^1].OutputDim}.");
        if (components.OfType<Splice>().Any())
            throw new FormatException($"{file}: <Splice> cannot be trained on several streams; put it into --feature-transform.");
        if (components.SkipLast(1).OfType<Softmax>().Any())
            throw new FormatException($"{file}: <Softmax> stands at the end of a network; within it, use <HiddenSoftmax>.");
    }

    /// <summary>The speed of the run, as the program tells it behind the numbers of files.</summary>
    /// <param name="seconds">What it took.</param>
    /// <param name="computing">Of that, what was not waiting for data.</param>
    /// <param name="frames">The frames.</param>
    protected abstract string Speed(double seconds, double computing, long frames);

    private string Train(
        Nnet1Network network, NetworkStatistics statistics, Objective objective, UtteranceSource source, IEnumerable<SequenceBatch> batches,
        KaldiLog log)
    {
        using var optimiser = _crossValidate ? null : new Sgd(_sgd);
        var step = new TrainingStep(network.Graph, objective, optimiser, _rate, statistics, log)
        {
            Describe = () => Nnet1Info.Describe(new Nnet1File(network.ToComponents())),
        };
        var trainer = new SequenceTrainer(step)
        {
            LookEvery = _parser is { } parser && parser.Verbose >= VerboseLooks ? VerboseLookEvery : 0,

            // nnet1's BLSTM sees each batch alone, in both directions.
            CarriesState = !network.Components.OfType<BlstmProjected>().Any(),
        };
        var start = time.GetTimestamp();
        log.Log($"{Kind} STARTED");
        var waited = TimeSpan.Zero;
        trainer.Run(
            Waiting.Timed(ReadAhead.Of(batches, BatchesAhead), time, span => waited += span),
            () =>
            {
                foreach (var line in LastWords)
                    log.Log(line);
            });
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var others = $"{source.WithoutTargets} with no tgt_mats, {source.OtherErrors} with other errors. ";
        if (step.Frames == 0)
            throw new FormatException($"Done 0 files, {others}No batch came together of {source.Done} utterances, so there is no result.");
        if (!network.Graph.Parameters.IsFinite())
            throw new FormatException($"the network is not finite after {step.Frames} frames: it diverges; lower --learn-rate.");

        return $"Done {trainer.Utterances} files, {others}[{Kind}, {Digits.Of(seconds / 60)} min, "
            + $"{Speed(seconds, seconds - waited.TotalSeconds, step.Frames)}]";
    }
}
