using Mimir.Base;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Losses;

/// <summary>Softmax and cross-entropy in one, as nnet1's Xent: the loss of a batch and its gradient.</summary>
public static class CrossEntropy
{
    // nnet1's floor of a logarithm's argument.
    private const double LeastProbability = 1e-20;

    /// <summary>Evaluates a batch: loss = -sum over n of weight[n] log softmax(logits[n])[target[n]].</summary>
    /// <param name="logits"><c>[N, C]</c>: the output of the network before the softmax.</param>
    /// <param name="targets">The right class of each frame.</param>
    /// <param name="weights">The weight of each frame; empty when all are 1.</param>
    /// <param name="gradient">Receives <c>[N, C]</c> (softmax - one-hot) * weight, when not null.</param>
    /// <returns>Sums over the frames. Where several outputs are equally high, the lowest class is the recognised one.</returns>
    /// <exception cref="ArgumentException">Targets or weights are not one a frame.</exception>
    /// <exception cref="KernelException">A target is not one of the classes.</exception>
    public static LossResult Evaluate(Tensor logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights, Tensor? gradient)
    {
        if (targets.Length != logits.Rows)
            throw new ArgumentException($"{logits.Rows} frames need as many targets, got {targets.Length}.", nameof(targets));
        SoftTargets.CheckWeights(logits, weights);

        if (!Kernels.Take(logits))
            return Reference(logits, targets, weights, gradient);

        Kernels.Check(Kernels.mimir_cross_entropy(
            logits.Rows, logits.Columns, logits, targets, SoftTargets.NullIfEmpty(weights), gradient, out var loss, out var correct,
            out var frames));
        return new LossResult(loss, correct, frames);
    }

    /// <summary>Evaluates a batch of targets with weights, as nnet1 does.</summary>
    /// <remarks>
    /// With y = softmax(logits[n]), t the targets and w = weight[n] * sum of t: the loss is the sum of -w t log y, and the
    /// gradient (y - t) w. A frame without targets does not count. In the reported sums a probability is at least 1e-20.
    /// </remarks>
    /// <param name="logits"><c>[N, C]</c>: the output of the network before the softmax.</param>
    /// <param name="targets">The targets of each frame, none of them negative.</param>
    /// <param name="frameWeights">The weight of each frame; empty when all are 1.</param>
    /// <param name="gradient">Receives <c>[N, C]</c>, when not null.</param>
    /// <param name="totals">Receives the sums of each class, when not null.</param>
    /// <returns>Sums over the frames.</returns>
    /// <exception cref="ArgumentException">Targets or weights are not one a frame.</exception>
    /// <exception cref="InputException">A target is negative.</exception>
    /// <exception cref="KernelException">A target is not one of the classes.</exception>
    public static SoftLossResult Evaluate(
        Tensor logits, SoftTargets targets, ReadOnlySpan<float> frameWeights, Tensor? gradient, ClassTotals? totals = null) =>
        Evaluate(logits, 0, logits.Columns, targets, frameWeights, gradient, totals);

    /// <summary>Evaluates some of the outputs, which have a softmax of their own.</summary>
    /// <inheritdoc cref="Evaluate(Tensor, SoftTargets, ReadOnlySpan{float}, Tensor?, ClassTotals?)"/>
    /// <param name="logits"><c>[N, C]</c>: the output of the network before the softmax.</param>
    /// <param name="first">The first output that counts.</param>
    /// <param name="count">The number of outputs that count; the gradient of the others is left as it is.</param>
    /// <param name="targets">The targets of each frame, counted from <paramref name="first"/>.</param>
    /// <param name="frameWeights">The weight of each frame; empty when all are 1.</param>
    /// <param name="gradient">Receives its part of <c>[N, C]</c>, when not null.</param>
    /// <param name="totals">Receives the sums of each class, when not null.</param>
    public static SoftLossResult Evaluate(
        Tensor logits, int first, int count, SoftTargets targets, ReadOnlySpan<float> frameWeights, Tensor? gradient,
        ClassTotals? totals = null)
    {
        targets.CheckBatch(logits, frameWeights);
        var logPosteriors = new double[targets.Classes.Length];
        var correct = new int[targets.Frames];
        if (Kernels.Take(logits))
        {
            Kernels.Check(Kernels.mimir_soft_cross_entropy(
                logits.Rows, logits.Columns, logits, first, count, targets.Offsets, targets.Classes, targets.Weights,
                SoftTargets.NullIfEmpty(frameWeights), gradient, logPosteriors, correct));
        }
        else
        {
            SoftReference(logits, first, count, targets, frameWeights, gradient, logPosteriors, correct);
        }

        return Sum(targets, frameWeights, logPosteriors, correct, totals);
    }

    // Sums in float64 whatever the type of the logits.
    private static LossResult Reference(Tensor logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights, Tensor? gradient)
    {
        for (var i = 0; i < targets.Length; i++)
            SoftTargets.CheckClass(targets[i], i, logits.Columns);
        var device = Device.Of(logits);
        using var scope = torch.NewDisposeScope();
        var target = Tensor.Indices(device, targets).unsqueeze(1);
        var weight = weights.IsEmpty
            ? torch.ones(logits.Rows, 1, dtype: ScalarType.Float64, device: logits.device)
            : Tensor.From(device, weights, [weights.Length, 1], ScalarType.Float64);
        var logarithms = torch.nn.functional.log_softmax(logits, 1);
        var loss = -(logarithms.gather(1, target).to(ScalarType.Float64) * weight).sum();

        // The lowest of equals is the recognised class: one is right when nothing is higher, and nothing before it as high.
        var score = logits.gather(1, target);
        var before = Tensor.Range(logits.Columns, logits.device) < target;
        var beaten = (logits > score).logical_or((logits == score).logical_and(before)).any(1, keepdim: true);
        var correct = beaten.logical_not().logical_and(weight > Scalars.Of(0)).sum();
        if (gradient is not null)
        {
            gradient.copy_(logarithms.exp());
            gradient.scatter_add_(1, target, torch.full_like(score, Scalars.Of(-1))).mul_(weight.to(gradient.dtype));
        }

        return new LossResult(loss.Number(), (long)correct.Number(), weight.sum().Number());
    }

    private static void SoftReference(
        Tensor logits, int first, int count, SoftTargets targets, ReadOnlySpan<float> frameWeights, Tensor? gradient,
        double[] logPosteriors, int[] correct)
    {
        using var scope = torch.NewDisposeScope();
        var (own, dense) = (logits.narrow(1, first, count), targets.ToDense(logits, count));
        var logarithms = torch.nn.functional.log_softmax(own, 1);
        var all = logarithms.to(ScalarType.Float64).cpu().data<double>().ToArray();
        var right = ArgMax(own).eq(ArgMax(dense)).logical_and(dense.amax([1]) > Scalars.Of(0)).cpu().data<bool>().ToArray();
        for (var frame = 0; frame < targets.Frames; frame++)
        {
            correct[frame] = right[frame] ? 1 : 0;
            for (var entry = targets.Offsets[frame]; entry < targets.Offsets[frame + 1]; entry++)
                logPosteriors[entry] = all[((long)frame * count) + targets.Classes[entry]];
        }

        if (gradient is null)
            return;

        var weights = dense.sum(1, keepdim: true) * SoftTargets.WeightsOf(logits, frameWeights);
        gradient.narrow(1, first, count).copy_((logarithms.exp() - dense) * weights);
    }

    // The lowest index among the highest of each row.
    private static Tensor ArgMax(Tensor x)
    {
        var places = Tensor.Range(x.Columns, x.device).expand_as(x);
        return torch.where(x == x.amax([1], keepdim: true), places, torch.full_like(places, Scalars.Of(x.Columns))).amin([1]);
    }

    private static SoftLossResult Sum(
        SoftTargets targets, ReadOnlySpan<float> frameWeights, double[] logPosteriors, int[] correct, ClassTotals? totals)
    {
        var sums = default(SoftLossResult);
        for (var frame = 0; frame < targets.Frames; frame++)
        {
            // The weight of a frame is multiplied by the sum of its targets; the class of the largest one is the reference.
            var (begin, end) = (targets.Offsets[frame], targets.Offsets[frame + 1]);
            var largest = begin;
            double mass = 0;
            for (var entry = begin; entry < end; entry++)
            {
                mass += targets.Weights[entry];
                if (targets.Weights[entry] < 0)
                    throw new InputException($"Cross-entropy needs targets of 0 or more, frame {frame} has {targets.Weights[entry]}.");
                if (targets.Weights[entry] > targets.Weights[largest])
                    largest = entry;
            }

            var weight = mass * (frameWeights.IsEmpty ? 1 : frameWeights[frame]);
            // -w t log y, and the entropy of the targets themselves, -w t log t.
            for (var entry = begin; entry < end; entry++)
            {
                var share = weight * targets.Weights[entry];
                var cross = -share * Math.Log(Math.Exp(logPosteriors[entry]) + LeastProbability);
                var own = -share * Math.Log(targets.Weights[entry] + LeastProbability);
                sums += new SoftLossResult(cross, own, 0, share);
                totals?.Add(targets.Classes[entry], share, cross, own);
            }

            if (correct[frame] != 0)
            {
                sums += new SoftLossResult(0, 0, weight, 0);
                totals?.AddCorrect(targets.Classes[largest], weight);
            }
        }

        return sums;
    }
}
