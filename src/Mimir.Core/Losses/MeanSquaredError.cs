using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Losses;

/// <summary>The squared error: half the squared distance of outputs from targets, as nnet1's Mse.</summary>
public static class MeanSquaredError
{
    /// <summary>Evaluates some of the outputs on a batch: loss = sum over n of weight[n] / 2 * |output[n] - target[n]|^2.</summary>
    /// <param name="output"><c>[N, D]</c>: the output of the network.</param>
    /// <param name="first">The first output that counts.</param>
    /// <param name="count">The number of outputs that count; the gradient of the others is left as it is.</param>
    /// <param name="targets">
    /// The targets of each frame, counted from <paramref name="first"/>; an output without an entry has the target 0.
    /// </param>
    /// <param name="frameWeights">The weight of each frame; empty when all are 1.</param>
    /// <param name="gradient">Receives its part of <c>[N, D]</c>, (output - target) * weight, when not null.</param>
    /// <returns>Sums over the frames; Correct is 0.</returns>
    /// <exception cref="ArgumentException">Targets or weights are not one a frame.</exception>
    /// <exception cref="KernelException">A target is not one of the outputs.</exception>
    public static LossResult Evaluate(
        Tensor output, int first, int count, SoftTargets targets, ReadOnlySpan<float> frameWeights, Tensor? gradient)
    {
        targets.CheckBatch(output, frameWeights);
        double loss;
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_mean_squared_error(
                output.Rows, output.Columns, output, first, count, targets.Offsets, targets.Classes, targets.Weights,
                SoftTargets.NullIfEmpty(frameWeights), gradient, out loss));
        }
        else
        {
            using var scope = torch.NewDisposeScope();
            var difference = output.narrow(1, first, count) - targets.ToDense(output, count);
            var weights = SoftTargets.WeightsOf(output, frameWeights);
            gradient?.narrow(1, first, count).copy_(difference * weights);
            loss = 0.5 * (difference.to(ScalarType.Float64).Squared() * weights).sum().Number();
        }

        double frames = frameWeights.IsEmpty ? output.Rows : 0;
        foreach (var weight in frameWeights)
            frames += weight;

        return new LossResult(loss, 0, frames);
    }
}
