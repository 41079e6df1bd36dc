using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Graph;
using Mimir.Core.Optimisers;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Latbin;
using Mimir.KaldiTools.Nnet;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>The options of training programs over lattices.</summary>
internal abstract record LatticeTrainingOptions : StepOptions
{
    protected LatticeTrainingOptions() => Rate = 0.00001f;

    /// <summary>File of a network that transforms the features first.</summary>
    [Option("feature-transform")]
    public string Transform { get; init; } = "";

    /// <summary>The log priors that are subtracted from the output.</summary>
    [IncludeOptions]
    public PriorOptions Priors { get; init; } = new();

    /// <summary>Factor of log-likelihoods.</summary>
    [Option("acoustic-scale")]
    public float AcousticScale { get; init; } = 1;

    /// <summary>Factor of the graph costs, which include those of the language model.</summary>
    [Option("lm-scale")]
    public float LmScale { get; init; } = 1;

    /// <summary>Factor of the acoustic scores in the lattices, which are added; 0 leaves them out.</summary>
    [Option("old-acoustic-scale")]
    public float OldAcousticScale { get; init; }

    /// <summary>Frames of the longest utterance that is used.</summary>
    [Option("max-frames")]
    public int MaxFrames { get; init; } = 6000;

    /// <summary>The device.</summary>
    [IncludeOptions]
    public DeviceOptions Device { get; init; } = new() { UseGpu = UseGpu.Yes };

    /// <summary>Gets the factors of scores.</summary>
    public SequenceScales Scales => new(AcousticScale, LmScale, OldAcousticScale);
}

/// <summary>A training program of nnet1 over lattices: one pass of gradient descent, a step an utterance.</summary>
/// <typeparam name="TOptions">The record of its options.</typeparam>
/// <param name="time">The clock of its speed.</param>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">A description in one line.</param>
internal abstract class LatticeTrainingTool<TOptions>(TimeProvider time, string name, string summary)
    : KaldiTool<TOptions>(
        name,
        summary,
        "<model-in> <transition-model-in> <feature-rspecifier> <den-lat-rspecifier> <ali-rspecifier> <model-out>")
    where TOptions : LatticeTrainingOptions, new()
{
    private const int SpeedInterval = 100;
    private const int StatisticsInterval = 1000;
    private const int UtterancesAhead = 4;

    /// <summary>Gets Kaldi's word before the name of an utterance that lacks a part.</summary>
    protected abstract string Preposition { get; }

    /// <summary>Logs what Kaldi says of the options before it reads files.</summary>
    protected virtual void Announce(TOptions options, KaldiLog log)
    {
    }

    /// <summary>Makes the criterion, and logs what Kaldi says of it.</summary>
    protected abstract SequenceCriterion Criterion(TOptions options, TransitionModel model, KaldiLog log);

    /// <summary>Formats the result of an utterance.</summary>
    protected abstract string Describe(LatticeUtterance utterance, SequenceResult result, float[] gradient);

    /// <summary>Warns of frames without a reference in the lattice.</summary>
    protected virtual void WarnOfMismatch(TOptions options, LatticeUtterance utterance, SequenceResult result, KaldiLog log)
    {
    }

    /// <summary>Formats the numbers of utterances.</summary>
    protected abstract string DescribeCounts(int done, LatticeUtterances source);

    /// <summary>Formats the result of all.</summary>
    protected abstract string DescribeTotal(TOptions options, LatticeTotals totals);

    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        Announce(options, log);
        var device = options.Device.Select();
        var transform = NetworkFiles.ReadTransform(options.Transform, io);
        var components = NetworkFiles.ReadNetwork(arguments[0], io);
        NetworkFiles.RequireFit(transform, options.Transform, components, arguments[0]);
        RemoveSoftmax(components, arguments[0], log);
        using var pipeline = new Nnet1Pipeline(device, transform, options.Transform);
        using var network = Nnet1Network.Build(device, components, arguments[0]);
        using var statistics = log.Verbose >= 1 ? new NetworkStatistics(network, 0, arguments[0]) : null;
        using var optimiser = new Sgd(options.Sgd);
        var priors = options.Priors.Read(log, io);
        for (var pdf = 0; pdf < priors?.Length; pdf++)
            priors[pdf] *= options.Priors.Scale;
        RequireOutputs(priors, network.Graph, options);

        var criterion = Criterion(options, TransitionModel.Read(arguments[1], io), log);
        var source = new LatticeUtterances(options.MaxFrames, Preposition);
        using var step = new LatticeStep(network.Graph, pipeline, criterion, priors ?? []) { Optimiser = optimiser, Rate = options.Rate };
        log.Log("TRAINING STARTED");
        var start = time.GetTimestamp();
        var utterances = ReadAhead.Of(source.Read(arguments[2], arguments[3], arguments[4], io), UtterancesAhead);
        var (totals, lastStatistics) = Train(options, utterances, step, statistics, log);
        source.Warnings.ToList().ForEach(log.Warning);
        var counts = DescribeCounts(totals.Utterances, source);
        if (totals.Frames == 0)
            throw new InputException($"{counts} No utterance was left, so there is no result.");
        if (!network.Graph.Parameters.IsFinite())
            throw new InputException($"the network is not finite after {totals.Frames} frames: it diverges; lower --learn-rate.");

        Array.ForEach(lastStatistics, log.Detail);
        log.Log($"Appending the softmax {arguments[5]}");
        NetworkFiles.Write(
            [.. network.ToComponents(), new Softmax(network.Graph.OutputDim)], arguments[5], options.Binary, io);
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        log.Log($"TRAINING FINISHED; Time taken = {KaldiLog.Number(seconds / 60)} min; processed "
            + $"{KaldiLog.Number(totals.Frames / seconds)} frames per second.");
        log.Log(counts);
        log.Log(DescribeTotal(options, totals));
        return true;
    }

    private (LatticeTotals Totals, string[] LastStatistics) Train(
        TOptions options, IEnumerable<LatticeUtterance> utterances, LatticeStep step, NetworkStatistics? statistics, KaldiLog log)
    {
        var start = time.GetTimestamp();
        var totals = new LatticeTotals();
        string[] lastStatistics = [];
        foreach (var (utterance, isLast) in WithEnd(utterances))
        {
            utterance.Warnings.ToList().ForEach(log.Warning);
            var result = Utterance.Run(utterance.Key, () => step.Forward(utterance));
            log.Detail($"Lattice #{totals.Utterances + 1} processed ({utterance.Key}): found "
                + $"{utterance.Lattice.Lattice.StateCount} states and {utterance.Lattice.Lattice.ArcCount} arcs.");
            log.Detail(Describe(utterance, result, step.Gradient));
            WarnOfMismatch(options, utterance, result, log);
            totals.Add(result, utterance.Alignment.Length);
            lastStatistics = Step(step, statistics, log, isLast, totals.Utterances);
            if (totals.Utterances % SpeedInterval == 0)
            {
                var elapsed = time.GetElapsedTime(start).TotalSeconds;
                log.Detail($"After {totals.Utterances} utterances: time elapsed = {KaldiLog.Number(elapsed / 60)} min; "
                    + $"processed {KaldiLog.Number(totals.Frames / elapsed)} frames per sec.");
            }
        }

        return (totals, lastStatistics);
    }

    // Kaldi: statistics of the first utterance, and with --verbose=2 of every thousandth; those of the last come at the end.
    private static string[] Step(LatticeStep step, NetworkStatistics? statistics, KaldiLog log, bool isLast, int done)
    {
        var isRegular = done == 1 || (log.Verbose >= 2 && done % StatisticsInterval == 0);
        if (statistics is null || !(isLast || isRegular))
        {
            step.Backward();
            return [];
        }

        // Kaldi's buffers hold the values before the step.
        statistics.CopyParameters();
        var forward = step.DescribeForward(statistics);
        var backward = statistics.Backpropagate(step.OutputGradient);
        step.Backward();
        string[] lines = [forward, backward, statistics.Gradients(step.Corrections)];
        if (isRegular)
            Array.ForEach(lines, log.Detail);

        return lines;
    }

    private static void RemoveSoftmax(List<NnetComponent> network, string file, KaldiLog log)
    {
        if (network is [.., _, Softmax])
        {
            log.Log($"Removing softmax from the nnet {file}");
            network.RemoveAt(network.Count - 1);
        }
        else
        {
            log.Log($"The nnet was without softmax. The last component in {file} was <{network[^1].Name}>");
        }
    }

    private static void RequireOutputs(float[]? priors, LayerGraph graph, TOptions options)
    {
        if (priors is not null && priors.Length != graph.OutputDim)
        {
            throw new InputException(
                $"{options.Priors.ClassCounts}: counts of {priors.Length} classes, the network has {graph.OutputDim} outputs.");
        }
    }

    private static IEnumerable<(LatticeUtterance Utterance, bool IsLast)> WithEnd(IEnumerable<LatticeUtterance> utterances)
    {
        LatticeUtterance? before = null;
        foreach (var utterance in utterances)
        {
            if (before is not null)
                yield return (before, false);

            before = utterance;
        }

        if (before is not null)
            yield return (before, true);
    }
}

/// <summary>Sums over utterances.</summary>
internal sealed class LatticeTotals
{
    /// <summary>Gets the utterances.</summary>
    public int Utterances { get; private set; }

    /// <summary>Gets their frames.</summary>
    public long Frames { get; private set; }

    /// <summary>Gets the sum of the objective.</summary>
    public double Objective { get; private set; }

    /// <summary>Gets the sum of the reference's posteriors.</summary>
    public double OnReference { get; private set; }

    /// <summary>Gets the frames without a reference in the lattice.</summary>
    public long Mismatched { get; private set; }

    /// <summary>Adds an utterance.</summary>
    public void Add(SequenceResult result, int frames)
    {
        Utterances++;
        Frames += frames;
        Objective += result.Objective;
        OnReference += result.OnReference;
        Mismatched += result.Mismatched.Count;
    }
}
