using Mimir.Base;
using Mimir.Core.Optimisers;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>A training program of nnet1: one epoch of gradient descent, or cross-validation.</summary>
/// <typeparam name="TOptions">The record of its options.</typeparam>
/// <param name="time">The clock of its speed.</param>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">A description in one line.</param>
internal abstract class NnetTrainingTool<TOptions>(TimeProvider time, string name, string summary)
    : KaldiTool<TOptions>(name, summary, "<feature-rspecifier> <targets-rspecifier> <model-in> [<model-out>]")
    where TOptions : TrainingOptions, new()
{
    // Kaldi: with --verbose, statistics are logged after this many frames.
    private const int VerboseInterval = 25000;

    /// <summary>Gets the kind of data for messages.</summary>
    protected abstract string DataKind { get; }

    /// <summary>Gets the level of <c>--verbose</c> from which statistics are logged regularly.</summary>
    protected virtual int StatisticsLevel => 2;

    /// <summary>True when the report by class comes before the numbers of files.</summary>
    protected virtual bool ReportsClassesFirst => false;

    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (arguments.Count != (options.CrossValidate ? 3 : 4))
        {
            log.Error(options.CrossValidate
                ? "--cross-validate=true takes features, targets and a model, and writes none."
                : "Training takes features, targets, a model, and where to write the new one.");
            return false;
        }

        CheckOptions(options);
        var device = options.Device.Select();
        var transform = NetworkFiles.ReadTransform(options.Transform, io);
        var components = NetworkFiles.ReadNetwork(arguments[2], io);
        if (options.CrossValidate)
        {
            NetworkFiles.SetDropout(transform, 0, log);
            NetworkFiles.SetDropout(components, 0, log);
        }

        NetworkFiles.RequireFit(transform, options.Transform, components, arguments[2]);
        CheckNetwork(components, arguments[2]);
        var fused = FusesTransform(transform) ? transform : [];
        var objective = new ObjectiveParser(components[^1], options.ReportFrames, log, time).Parse(options.Objective);
        var utterances = SelectUtterances(options, new()
        {
            Features = arguments[0],
            Targets = arguments[1],
            FrameWeights = options.FrameWeights,
            LengthTolerance = options.LengthTolerance,
            AllowsNegative = objective.AllowsNegative,
        });
        var source = new UtteranceSource(utterances, components[^1].OutputDim, log, io);
        using var separate = new Nnet1Pipeline(device, transform[fused.Count..], options.Transform);
        using var network = Nnet1Network.Build(device, [.. fused, .. components], arguments[2], constants: fused.Count);
        using var statistics = new NetworkStatistics(network, fused.Count, arguments[2]);
        using var optimiser = options.CrossValidate ? null : new Sgd(options.Sgd);
        var step = new TrainingStep(network.Graph, objective, optimiser, options.Rate, statistics, log) { Describe = Describe(network) };
        Prepare(options, network, log);
        var done = Run(options, new(network, separate.Forward, source, step, log, time)
        {
            StatisticsInterval = log.Verbose >= StatisticsLevel ? VerboseInterval : 0,
        });
        if (!options.CrossValidate)
            NetworkFiles.Write([.. network.ToComponents().Skip(fused.Count)], arguments[3], options.Binary, io);

        var perClass = objective.ReportPerClass();
        string?[] report = ReportsClassesFirst ? [perClass, done] : [done, perClass];
        foreach (var lines in report.OfType<string>())
            log.Log(lines);
        log.Log(objective.Report());
        return true;
    }

    /// <summary>Checks options that depend on each other.</summary>
    /// <exception cref="InputException">Two options contradict each other.</exception>
    protected virtual void CheckOptions(TOptions options)
    {
    }

    /// <summary>Checks that the program can train the network.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    protected virtual void CheckNetwork(IReadOnlyList<NnetComponent> components, string file)
    {
        if (components.OfType<Splice>().Any())
            throw new InputException($"{file}: <Splice> cannot be trained on {DataKind}; put it into --feature-transform.");
        if (components.SkipLast(1).OfType<Softmax>().Any())
            throw new InputException($"{file}: <Softmax> stands at the end of a network; within it, use <HiddenSoftmax>.");
    }

    /// <summary>Decides if the transform is computed with the network; otherwise it is computed before batches are made.</summary>
    protected virtual bool FusesTransform(IReadOnlyList<NnetComponent> transform) => false;

    /// <summary>Completes the tables and the rules by which utterances are skipped.</summary>
    /// <param name="options">The options of this run.</param>
    /// <param name="common">Those of all programs.</param>
    protected abstract UtteranceOptions SelectUtterances(TOptions options, UtteranceOptions common);

    /// <summary>Gets the description of the network that is logged with statistics; null for none.</summary>
    protected virtual Func<string>? Describe(Nnet1Network network) => null;

    /// <summary>Prepares the network before the first batch.</summary>
    protected virtual void Prepare(TOptions options, Nnet1Network network, KaldiLog log)
    {
    }

    /// <summary>Trains or evaluates on all batches.</summary>
    /// <returns>The number of utterances that were used.</returns>
    protected abstract int Train(TOptions options, TrainingEpoch epoch);

    /// <summary>Formats the reason why there was no batch.</summary>
    protected abstract string DescribeNoBatch(TOptions options, UtteranceSource source);

    /// <summary>Formats the order of the data, which follows the kind of run; empty where it is not said.</summary>
    protected virtual string DescribeOrder(TOptions options) => "";

    /// <summary>Formats the speed of the run.</summary>
    /// <param name="seconds">The duration.</param>
    /// <param name="waited">The part of it that was spent waiting for data.</param>
    /// <param name="frames">The number of frames.</param>
    protected abstract string DescribeSpeed(double seconds, double waited, long frames);

    private string Run(TOptions options, TrainingEpoch epoch)
    {
        var kind = options.CrossValidate ? "CROSS-VALIDATION" : "TRAINING";
        var start = time.GetTimestamp();
        epoch.Log.Log($"{kind} STARTED");
        var files = Train(options, epoch);
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var (source, frames) = (epoch.Source, epoch.Step.Frames);
        var counts = $"Done {files} files, {source.WithoutTargets} with no tgt_mats, {source.OtherErrors} with other errors. ";
        if (frames == 0)
            throw new InputException($"{counts}{DescribeNoBatch(options, source)}, so there is no result.");
        if (!epoch.Network.Graph.Parameters.IsFinite())
            throw new InputException($"the network is not finite after {frames} frames: it diverges; lower --learn-rate.");

        var speed = DescribeSpeed(seconds, epoch.Waited.TotalSeconds, frames);
        return $"{counts}[{kind}, {DescribeOrder(options)}{KaldiLog.Number(seconds / 60)} min, {speed}]";
    }
}

/// <summary>The objects of one run of a training program.</summary>
/// <param name="Network">The network, with the transform where that is fused with it.</param>
/// <param name="Transform">The transform of each utterance before batches are made.</param>
/// <param name="Source">The utterances.</param>
/// <param name="Step">The computation of a batch.</param>
/// <param name="Log">Receives log lines.</param>
/// <param name="Time">The clock.</param>
internal sealed record TrainingEpoch(
    Nnet1Network Network,
    Func<FloatMatrix, FloatMatrix> Transform,
    UtteranceSource Source,
    TrainingStep Step,
    KaldiLog Log,
    TimeProvider Time)
{
    /// <summary>Gets the frames between two logs of statistics; 0 logs those of the first and the last batch only.</summary>
    public int StatisticsInterval { get; init; }

    /// <summary>Gets the time spent waiting for data.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Prefetches the elements of a sequence in another thread, and measures the time spent waiting for them.</summary>
    /// <param name="data">The sequence.</param>
    /// <param name="count">The number of elements to prefetch.</param>
    public IEnumerable<T> Prefetch<T>(IEnumerable<T> data, int count)
    {
        using var elements = ReadAhead.Of(data, count).GetEnumerator();
        while (true)
        {
            var start = Time.GetTimestamp();
            var more = elements.MoveNext();
            Waited += Time.GetElapsedTime(start);
            if (!more)
                yield break;

            yield return elements.Current;
        }
    }
}
