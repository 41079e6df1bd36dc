using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Losses;

/// <summary>Targets of which a share is spread over all classes.</summary>
/// <remarks>C. Szegedy et al.: Rethinking the inception architecture for computer vision, 2016.</remarks>
public static class LabelSmoothing
{
    /// <summary>Turns the cross-entropy of a batch into that of smoothed targets, (1 - s) one-hot + s / C.</summary>
    /// <param name="loss">The loss of <see cref="CrossEntropy"/>.</param>
    /// <param name="logits"><c>[N, C]</c>: the output of the network before the softmax.</param>
    /// <param name="targets">The right class of each frame.</param>
    /// <param name="weights">The weight of each frame; empty when all are 1.</param>
    /// <param name="share">The share s, from 0 to below 1.</param>
    /// <param name="gradient">The gradient of <see cref="CrossEntropy"/>, changed when not null.</param>
    /// <returns>The loss, with the other sums as they were.</returns>
    public static double Smooth(
        double loss, Tensor logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights, double share, Tensor? gradient)
    {
        using var scope = torch.NewDisposeScope();
        var device = Device.Of(logits);
        var factors = new float[targets.Length];
        if (weights.IsEmpty)
            Array.Fill(factors, 1);
        else
            weights.CopyTo(factors);

        // The gradient has s (one-hot - 1 / C) more, the loss the term -s / C sum of log softmax.
        var shares = Tensor.From(device, factors, [targets.Length, 1], logits.dtype) * Scalars.Of(share);
        if (gradient is not null)
        {
            gradient.sub_(shares / Scalars.Of(logits.Columns));
            gradient.scatter_add_(1, Tensor.Indices(device, targets).view(-1, 1), shares);
        }

        using var spread = torch.nn.functional.log_softmax(logits, 1).mean([1], keepdim: true) * shares;
        var sum = new double[1];
        spread.sum().CopyTo(sum);
        return ((1 - share) * loss) - sum[0];
    }
}
