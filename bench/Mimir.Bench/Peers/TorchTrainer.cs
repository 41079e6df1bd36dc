using Mimir.Core.Runtime;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Mimir.Bench.Peers;

/// <summary>A training step by TorchSharp in this process, with libtorch's own threads.</summary>
internal abstract class TorchTrainer : ITrainer
{
    protected TorchTrainer() => TorchRuntime.Load();

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public void UseThreads(int count) => torch.set_num_threads(count);

    /// <inheritdoc/>
    public void Step()
    {
        using var scope = torch.NewDisposeScope();
        StepInScope();
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>One step; the scope around it disposes of the tensors that it makes.</summary>
    protected abstract void StepInScope();

    /// <summary>One step of plain gradient descent by autograd.</summary>
    protected static void Descend(torch.optim.Optimizer optimiser, Tensor logits, Tensor targets)
    {
        optimiser.zero_grad();
        functional.cross_entropy(logits, targets, reduction: Reduction.Sum).backward();
        optimiser.step();
    }
}
