using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Losses;

/// <summary>Softmax and cross-entropy in one, as nnet1's Xent: the loss of a batch and its gradient.</summary>
public static class CrossEntropy
{
    /// <summary>Evaluates a batch: loss = -sum over n of weight[n] log softmax(logits[n])[target[n]].</summary>
    /// <param name="logits"><c>[N, C]</c>: the network's output before the softmax.</param>
    /// <param name="targets">The right class of each frame.</param>
    /// <param name="weights">The weight of each frame; empty when all are 1.</param>
    /// <param name="gradient">Receives <c>[N, C]</c> (softmax - one-hot) * weight, when not null.</param>
    /// <returns>Sums over the frames. Where several outputs are equally high, the lowest class counts as chosen.</returns>
    /// <exception cref="ArgumentException">Targets or weights are not one a frame.</exception>
    /// <exception cref="TorchException">A target is not one of the classes.</exception>
    public static LossResult Evaluate(Tensor logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights, Tensor? gradient)
    {
        if (targets.Length != logits.Rows)
            throw new ArgumentException($"{logits.Rows} frames need as many targets, got {targets.Length}.", nameof(targets));
        if (weights.Length != 0 && weights.Length != logits.Rows)
            throw new ArgumentException($"{logits.Rows} frames need as many weights or none, got {weights.Length}.", nameof(weights));

        using var target = new Optional(gradient);
        LibTorch.Check(LibTorch.mimir_cross_entropy(
            logits.Handle, targets, weights, target.Address, out var loss, out var correct, out var frames));
        return new LossResult(loss, correct, frames);
    }
}
