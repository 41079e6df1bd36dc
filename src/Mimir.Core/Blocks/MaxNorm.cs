using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>The limit on the norm of the weights of a neuron, nnet1's max-norm.</summary>
internal static class MaxNorm
{
    /// <summary>Scales rows of a matrix with a Euclidean norm above a limit back to it.</summary>
    /// <param name="weight"><c>[O, I]</c>.</param>
    /// <param name="limit">The largest norm.</param>
    public static void Limit(Tensor weight, double limit)
    {
        using var scope = torch.NewDisposeScope();
        var norms = weight.Squared().sum(1, keepdim: true).sqrt_();
        weight.div_(norms.div_(Scalars.Of(limit)).clamp_min_(Scalars.Of(1)));
    }
}
