using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Features.KaldiTools;
using Mimir.Train.KaldiTools.Frames;
using Mimir.Train.KaldiTools.Objectives;

namespace Mimir.Train.KaldiTools;

/// <summary>Trains a network on batches of frames, or only evaluates it, as one run of nnet1's trainers.</summary>
/// <param name="graph">The network.</param>
/// <param name="objective">What is made small.</param>
/// <param name="optimiser">Moves the parameters; null only evaluates.</param>
/// <param name="rate">The learning rate.</param>
/// <param name="statistics">What is told of some batches.</param>
/// <param name="log">Receives it.</param>
internal sealed class FrameTrainer(
    LayerGraph graph, Objective objective, Sgd? optimiser, double rate, NetworkStatistics statistics, KaldiLog log)
{
    private readonly FusedStep? _fused = optimiser is { Options.IsPlain: true } ? new FusedStep(graph) : null;

    /// <summary>Gets the frames between two looks at what flows through the network; 0, the default, for the first and the
    /// last batch only.</summary>
    public int LookEvery { get; init; }

    /// <summary>Gets the frames so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Goes through all batches.</summary>
    /// <param name="blocks">The data.</param>
    /// <param name="minibatch">The frames of a batch.</param>
    /// <exception cref="FormatException">The loss is not finite.</exception>
    public void Run(IEnumerable<FrameBlock> blocks, int minibatch)
    {
        var sinceLook = 0;
        foreach (var block in blocks)
        {
            using var table = new FrameTable(graph.Device, block.Features, block.Dim, block.Lengths);
            for (var start = 0; start < block.Rows.Length; start += minibatch)
            {
                sinceLook += minibatch;
                var looks = new List<long>();
                if (Frames == 0)
                    looks.Add(0);
                if (LookEvery > 0 && sinceLook >= LookEvery)
                {
                    looks.Add(Frames);
                    sinceLook = 0;
                }

                if (block.IsLast && start + minibatch == block.Rows.Length)
                    looks.Add(Frames + minibatch);

                Batch(table, block, start, minibatch, looks);
                Frames += minibatch;
            }
        }
    }

    private void Batch(FrameTable table, FrameBlock block, int start, int count, List<long> looks)
    {
        var rows = block.Rows.AsSpan(start, count);
        var output = graph.Forward(table, rows, optimiser is null ? PassMode.Evaluate : PassMode.Train);
        var gradient = optimiser is null ? null : graph.OutputGradient;
        objective.Evaluate(output, block.Targets.Slice(start, count), block.Weights[start..(start + count)], gradient);
        if (!double.IsFinite(objective.AverageLoss))
            throw new FormatException(
                $"the loss is not finite after {Frames} frames: the network diverges; lower --learn-rate, or look at the features.");

        var (forward, backward) = ("", "");
        if (looks.Count > 0)
        {
            // Before the step, as the buffers are.
            statistics.CopyParameters(graph);
            forward = statistics.Propagate(table, rows);
            backward = gradient is null ? "" : statistics.Backpropagate(gradient);
        }

        if (gradient is not null)
            Step(gradient, count);

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
        log.Log(forward);
        if (optimiser is null)
            return;

        log.Log(backward);
        HostTensor? corrections = optimiser.SaveState().Values.FirstOrDefault();
        log.Log(statistics.Gradients(corrections));
    }
}
