using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.KaldiTools.Nnetbin.Frames;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Trains a network on batches of frames, or only evaluates it, as one run of nnet-train-frmshuff.</summary>
/// <param name="step">What is done with a batch.</param>
internal sealed class FrameTrainer(TrainingStep step)
{
    /// <summary>Gets the frames between two looks at what flows through the network; 0, the default, for the first and the
    /// last batch only.</summary>
    public int LookEvery { get; init; }

    /// <summary>Goes through all batches.</summary>
    /// <param name="blocks">The data.</param>
    /// <param name="minibatch">The frames of a batch.</param>
    /// <exception cref="InputException">The loss is not finite.</exception>
    public void Run(IEnumerable<FrameBlock> blocks, int minibatch)
    {
        var sinceLook = 0;
        foreach (var block in blocks)
        {
            using var table = new FrameTable(step.Device, block.Features, block.Dim, block.Lengths);
            for (var start = 0; start < block.Rows.Length; start += minibatch)
            {
                sinceLook += minibatch;
                var looks = new List<long>();
                if (step.Frames == 0)
                    looks.Add(0);
                if (LookEvery > 0 && sinceLook >= LookEvery)
                {
                    looks.Add(step.Frames);
                    sinceLook = 0;
                }

                if (block.IsLast && start + minibatch == block.Rows.Length)
                    looks.Add(step.Frames + minibatch);

                step.Run(
                    table, block.Rows.AsSpan(start, minibatch), sequences: null, block.Targets.Slice(start, minibatch),
                    block.Weights[start..(start + minibatch)], minibatch, looks);
            }
        }
    }
}
