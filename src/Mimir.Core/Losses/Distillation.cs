using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Losses;

/// <summary>The divergence of a network from a teacher, both softened by a temperature.</summary>
/// <remarks>From G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural Network" (2015).</remarks>
public static class Distillation
{
    /// <summary>
    /// Evaluates a batch: loss = T^2 times the sum over n of weight[n] KL(softmax(teacher[n] / T) || softmax(logits[n] / T)). The factor
    /// keeps the size of gradients the same at every temperature.
    /// </summary>
    /// <param name="logits"><c>[N, C]</c>: the output of the network before the softmax.</param>
    /// <param name="teacher"><c>[N, C]</c>: that of the teacher.</param>
    /// <param name="temperature">T, above 0; 1 changes nothing.</param>
    /// <param name="frameWeights">The weight of each frame; empty when all are 1.</param>
    /// <param name="gradient">Is multiplied by <c>1 - share</c>, and <c>share</c> times the gradient is added, when not null.</param>
    /// <param name="share">The part of the gradient that is the teacher's, from 0 to 1.</param>
    /// <returns>The loss without the share, in nats.</returns>
    /// <exception cref="ArgumentException">Outputs or weights do not fit together.</exception>
    public static double Evaluate(
        Tensor logits, Tensor teacher, double temperature, ReadOnlySpan<float> frameWeights, Tensor? gradient, double share = 1)
    {
        if (logits.Rows != teacher.Rows || logits.Columns != teacher.Columns)
        {
            throw new ArgumentException(
                $"A teacher of {teacher.Columns} outputs cannot teach {logits.Columns} outputs.", nameof(teacher));
        }

        SoftTargets.CheckWeights(logits, frameWeights);
        using var scope = torch.NewDisposeScope();
        var weights = SoftTargets.WeightsOf(logits, frameWeights);
        var own = torch.nn.functional.log_softmax(logits.div(Scalars.Of(temperature)), 1);
        var wanted = torch.nn.functional.log_softmax(teacher.div(Scalars.Of(temperature)), 1);
        var probabilities = wanted.exp();

        // d/dz of T^2 KL(p || softmax(z / T)) is T (softmax(z / T) - p).
        gradient?.mul_(Scalars.Of(1 - share)).add_((own.exp() - probabilities) * weights, Scalars.Of(share * temperature));
        var divergence = (probabilities * (wanted - own)).to(ScalarType.Float64).sum(1, keepdim: true) * weights;
        return temperature * temperature * divergence.sum().Number();
    }
}
