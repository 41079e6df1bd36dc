using Mimir.Core.Losses;
using Mimir.Core.Tensors;

namespace Mimir.KaldiTools.Nnetbin.Objectives;

/// <summary>Mean squared error on some outputs: Kaldi's Mse.</summary>
/// <param name="first">The first output.</param>
/// <param name="count">The number of outputs.</param>
/// <param name="onSoftmax">Whether the network ends in a softmax, which the targets are compared with.</param>
/// <param name="progress">Tells the loss on the way.</param>
internal sealed class MseObjective(int first, int count, bool onSoftmax, ProgressReport progress) : Objective
{
    private LossResult _sums;

    public override double AverageLoss => _sums.Frames == 0 ? 0 : _sums.Loss / _sums.Frames;

    public override void Evaluate(Tensor output, SoftTargets targets, float[] weights, Tensor? gradient)
    {
        using var posteriors = onSoftmax ? output.Clone() : null;
        posteriors?.SoftmaxInto(posteriors);
        var part = first == 0 && count == output.Columns ? targets : targets.OfClasses(first, count);
        var batch = MeanSquaredError.Evaluate(posteriors ?? output, first, count, part, weights, gradient);
        _sums += batch;
        progress.Add(batch.Frames, batch.Loss);
    }

    public override string Report()
    {
        var loss = _sums.Loss / _sums.Frames;
        return $"AvgLoss: {Digits.Of(loss)} (Mse), [RMS {Digits.Of(Math.Sqrt(loss / count))}, frames {Digits.Of(_sums.Frames)}]\n"
            + progress.Line;
    }
}
