using Mimir.Base;
using Mimir.Core.Optimisers;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Nnetbin.Frames;
using Mimir.KaldiTools.Nnetbin.Objectives;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>What nnet1's trainers have in common: one epoch of gradient descent, or cross-validation.</summary>
/// <param name="time">The clock of its speed.</param>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">What it does.</param>
internal abstract class NnetTrainingTool(TimeProvider time, string name, string summary)
    : KaldiTool(name, summary, "<feature-rspecifier> <targets-rspecifier> <model-in> [<model-out>]")
{
    // What Kaldi does when it is verbose.
    private const int VerboseLookEvery = 25000;

    /// <summary>Gets the options that all have.</summary>
    protected TrainingOptions Options { get; } = new();

    /// <summary>Gets what it trains on, for messages.</summary>
    protected abstract string Data { get; }

    /// <summary>Gets what is said of the order of the data, behind the kind of run.</summary>
    protected virtual string Order => "";

    /// <summary>Gets from which verbosity on the network is looked at more often.</summary>
    protected virtual int VerboseLooks => 2;

    /// <summary>Gets a value indicating whether figures by class stand before the numbers of files.</summary>
    protected virtual bool TellsClassesFirst => false;

    protected override void AddOptions(KaldiOptionParser parser) => Options.Register(parser);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (arguments.Count != (Options.CrossValidate ? 3 : 4))
        {
            log.Error(Options.CrossValidate
                ? "--cross-validate=true takes features, targets and a model, and writes none."
                : "Training takes features, targets, a model, and where to write the new one.");
            return false;
        }

        CheckOptions();
        var device = Options.Engine.Select();
        var transform = NetworkReading.Transform(Options.Transform, io);
        var components = NetworkReading.Network(arguments[2], io);
        if (Options.CrossValidate)
        {
            NetworkReading.DisableDropout(transform, log);
            NetworkReading.DisableDropout(components, log);
        }

        NetworkReading.RequireFit(transform, Options.Transform, components, arguments[2]);
        CheckNetwork(components, arguments[2]);
        var joined = Joins(transform) ? transform : [];
        var objective = new ObjectiveParser(components[^1], Options.ReportFrames, log, time).Parse(Options.Objective);
        var utterances = Utterances(new()
        {
            Features = arguments[0],
            Targets = arguments[1],
            FrameWeights = Options.FrameWeights,
            LengthTolerance = Options.LengthTolerance,
        });
        var source = new UtteranceSource(utterances, components[^1].OutputDim, log, io);
        using var apart = new Nnet1Pipeline(device, transform[joined.Count..], Options.Transform);
        using var network = Nnet1Network.Build(device, [.. joined, .. components], arguments[2], constants: joined.Count);
        using var statistics = new NetworkStatistics(device, joined, components, arguments[2]);
        using var optimiser = Options.CrossValidate ? null : new Sgd(Options.Sgd);
        var step = new TrainingStep(network.Graph, objective, optimiser, Options.Rate, statistics, log) { Describe = Describe(network) };
        Prepare(network, log);
        var done = Run(new(network, apart.Forward, source, step, log, time)
        {
            LookEvery = Options.Verbose >= VerboseLooks ? VerboseLookEvery : 0,
        });
        if (!Options.CrossValidate)
            NetworkWriting.Write([.. network.ToComponents().Skip(joined.Count)], arguments[3], Options.Binary, io);

        var perClass = objective.ReportPerClass();
        string?[] report = TellsClassesFirst ? [perClass, done] : [done, perClass];
        foreach (var lines in report.OfType<string>())
            log.Log(lines);
        log.Log(objective.Report());
        return true;
    }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A value means nothing.</exception>
    protected virtual void CheckOptions() => Options.Check();

    /// <summary>Checks that the program can train the network.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    protected virtual void CheckNetwork(IReadOnlyList<NnetComponent> components, string file)
    {
        if (components.OfType<Splice>().Any())
            throw new InputException($"{file}: <Splice> cannot be trained on {Data}; put it into --feature-transform.");
        if (components.SkipLast(1).OfType<Softmax>().Any())
            throw new InputException($"{file}: <Softmax> stands at the end of a network; within it, use <HiddenSoftmax>.");
    }

    /// <summary>Tells whether the transform is computed with the network, rather than before batches are made.</summary>
    protected virtual bool Joins(IReadOnlyList<NnetComponent> transform) => false;

    /// <summary>Which utterances are passed over, and what else belongs to the features.</summary>
    /// <param name="common">The same for all programs.</param>
    protected abstract UtteranceOptions Utterances(UtteranceOptions common);

    /// <summary>What is told of the network with each look at it, or null.</summary>
    protected virtual Func<string>? Describe(Nnet1Network network) => null;

    /// <summary>Does what comes before the first batch.</summary>
    protected virtual void Prepare(Nnet1Network network, KaldiLog log)
    {
    }

    /// <summary>Goes through all batches.</summary>
    /// <returns>The number of utterances that were used.</returns>
    protected abstract int Train(TrainingEpoch epoch);

    /// <summary>What is said where no batch came together.</summary>
    protected abstract string Nothing(UtteranceSource source);

    /// <summary>The speed of the run, as the program tells it behind the numbers of files.</summary>
    /// <param name="seconds">What it took.</param>
    /// <param name="waited">Of that, what was waiting for data.</param>
    /// <param name="frames">The frames.</param>
    protected abstract string Speed(double seconds, double waited, long frames);

    private string Run(TrainingEpoch epoch)
    {
        var kind = Options.CrossValidate ? "CROSS-VALIDATION" : "TRAINING";
        var start = time.GetTimestamp();
        epoch.Log.Log($"{kind} STARTED");
        var files = Train(epoch);
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var (source, frames) = (epoch.Source, epoch.Step.Frames);
        var counts = $"Done {files} files, {source.WithoutTargets} with no tgt_mats, {source.OtherErrors} with other errors. ";
        if (frames == 0)
            throw new InputException($"{counts}{Nothing(source)}, so there is no result.");
        if (!epoch.Network.Graph.Parameters.IsFinite())
            throw new InputException($"the network is not finite after {frames} frames: it diverges; lower --learn-rate.");

        return $"{counts}[{kind}, {Order}{Digits.Of(seconds / 60)} min, {Speed(seconds, epoch.Waited.TotalSeconds, frames)}]";
    }
}
