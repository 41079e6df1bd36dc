using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.KaldiTools.Nnetbin.Objectives;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Puts one batch after another through a network, and takes a step for each unless it only evaluates.</summary>
/// <param name="graph">The network.</param>
/// <param name="objective">What is made small.</param>
/// <param name="optimiser">Moves the parameters; null only evaluates.</param>
/// <param name="rate">The learning rate.</param>
/// <param name="statistics">What is told of some batches.</param>
/// <param name="log">Receives it.</param>
internal sealed class TrainingStep(
    LayerGraph graph, Objective objective, Sgd? optimiser, double rate, NetworkStatistics statistics, KaldiLog log)
{
    private readonly FusedStep? _fused = optimiser is { Options.IsPlain: true } ? new FusedStep(graph) : null;

    /// <summary>Gets where the network computes.</summary>
    public Device Device => graph.Device;

    /// <summary>Gets or sets what is told of the network after the step, before what flows through it; null tells nothing.</summary>
    public Func<string>? Describe { get; init; }

    /// <summary>Gets the frames so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Computes a batch.</summary>
    /// <param name="table">The frames.</param>
    /// <param name="rows">The frames of the batch.</param>
    /// <param name="sequences">How they follow each other, or null.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="penaltyFrames">The frames by which penalties count.</param>
    /// <param name="looks">The frames with which the batch is told of; usually none.</param>
    /// <exception cref="InputException">The loss is not finite.</exception>
    public void Run(
        FrameTable table, ReadOnlySpan<int> rows, SequenceLayout? sequences, SoftTargets targets, float[] weights, int penaltyFrames,
        IReadOnlyList<long> looks)
    {
        var states = looks.Count > 0 && sequences is { Streams.IsEmpty: false } ? graph.CopyStates() : null;
        var output = graph.Forward(table, rows, optimiser is null ? PassMode.Evaluate : PassMode.Train, sequences);
        var gradient = optimiser is null ? null : graph.OutputGradient;
        objective.Evaluate(output, targets, weights, gradient);
        if (!double.IsFinite(objective.AverageLoss))
            throw new InputException(
                $"the loss is not finite after {Frames} frames: the network diverges; lower --learn-rate, or look at the features.");

        var (forward, backward) = ("", "");
        if (looks.Count > 0)
        {
            // Before the step, as the buffers are.
            statistics.CopyParameters(graph);
            forward = statistics.Propagate(table, rows, sequences, states);
            backward = gradient is null ? "" : statistics.Backpropagate(gradient);
        }

        if (gradient is not null)
            Step(gradient, penaltyFrames);

        Frames += rows.Length;
        foreach (var frames in looks)
            Tell(frames, forward, backward);
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

    private void Tell(long frames, string forward, string backward)
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
