using Mimir.Core.Graph;

namespace Mimir.Core.Optimisers;

/// <summary>Backward pass and plain gradient descent in one: weight gradients are multiplied straight into the weights.</summary>
/// <remarks>
/// For one device, without momentum, decay or clipping: see <see cref="SgdOptions.IsPlain"/>. The result equals
/// <see cref="LayerGraph.Backward(Tensor)"/>, <see cref="Sgd"/> and <see cref="LayerGraph.Constrain"/>, to rounding; gradients are
/// not kept.
/// </remarks>
/// <param name="graph">The graph to train.</param>
public sealed class FusedStep(LayerGraph graph)
{
    /// <summary>Takes one step for the batch of the last training pass.</summary>
    /// <param name="outputGradient">As for <see cref="LayerGraph.Backward(Tensor)"/>.</param>
    /// <param name="rate">The learning rate, for gradients summed over frames.</param>
    public void Backward(Tensor outputGradient, double rate)
    {
        graph.Backward(outputGradient, rate);
        graph.Constrain();
    }
}
