using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Computes batches and takes a step of the optimiser for each, or only evaluates.</summary>
/// <param name="graph">The network.</param>
/// <param name="objective">The objective that is minimised.</param>
/// <param name="optimiser">Updates the parameters; null only evaluates.</param>
/// <param name="rate">The learning rate.</param>
/// <param name="statistics">Formats the statistics of the batches that are logged.</param>
/// <param name="log">Receives them.</param>
internal sealed class TrainingStep(
    LayerGraph graph, Objective objective, Sgd? optimiser, double rate, NetworkStatistics statistics, KaldiLog log)
{
    private readonly FusedStep? _fused = optimiser is { Options.IsPlain: true } ? new FusedStep(graph) : null;

    /// <summary>Gets the device of the network.</summary>
    public Device Device => graph.Device;

    /// <summary>Gets the description of the network that is logged with the statistics; null for none.</summary>
    public Func<string>? Describe { get; init; }

    /// <summary>Gets the frames so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Computes a batch.</summary>
    /// <param name="table">The frames.</param>
    /// <param name="rows">The frames of the batch.</param>
    /// <param name="sequences">The layout of sequences; null for single frames.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="penaltyFrames">The frames that scale the penalties.</param>
    /// <param name="reports">The numbers of frames under which statistics of the batch are logged; usually none.</param>
    /// <exception cref="InputException">The loss is not finite.</exception>
    public void Run(
        FrameTable table, ReadOnlySpan<int> rows, SequenceLayout? sequences, SoftTargets targets, float[] weights, int penaltyFrames,
        IReadOnlyList<long> reports)
    {
        var states = reports.Count > 0 && sequences is { Streams.IsEmpty: false } ? graph.CopyStates() : null;
        var output = graph.Forward(table, rows, optimiser is null ? PassMode.Evaluate : PassMode.Train, sequences);
        var gradient = optimiser is null ? null : graph.OutputGradient;
        objective.Evaluate(output, targets, weights, gradient);
        if (!double.IsFinite(objective.AverageLoss))
            throw new InputException(
                $"the loss is not finite after {Frames} frames: the network diverges; lower --learn-rate, or look at the features.");

        var (forward, backward) = ("", "");
        if (reports.Count > 0)
        {
            // Kaldi's buffers hold the values before the step.
            statistics.CopyParameters();
            forward = statistics.Propagate(table, rows, sequences, states);
            backward = gradient is null ? "" : statistics.Backpropagate(gradient);
        }

        if (gradient is not null)
            Step(gradient, penaltyFrames);

        Frames += rows.Length;
        foreach (var frames in reports)
            LogStatistics(frames, forward, backward);
    }

    private void Step(Tensor gradient, int frames)
    {
        if (_fused is not null)
        {
            _fused.Backward(gradient, rate);
            return;
        }

        graph.Backward(gradient);
        optimiser?.Step(graph.Parameters, rate, frames);
    }

    private void LogStatistics(long frames, string forward, string backward)
    {
        log.Log($"### After {frames} frames,");
        if (Describe is not null)
            log.Log(Describe());

        log.Log(forward);
        if (optimiser is null)
            return;

        log.Log(backward);
        HostTensor? corrections = optimiser.SaveState().Values.FirstOrDefault();
        log.Log(statistics.Gradients(corrections));
    }
}
