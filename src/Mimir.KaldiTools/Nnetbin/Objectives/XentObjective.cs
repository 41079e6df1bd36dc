using Mimir.Core.Losses;
using Mimir.Core.Tensors;

namespace Mimir.KaldiTools.Nnetbin.Objectives;

/// <summary>Cross-entropy on some outputs, which have a softmax of their own: Kaldi's Xent.</summary>
/// <param name="first">The first output.</param>
/// <param name="count">The number of outputs.</param>
/// <param name="progress">Tells the loss on the way.</param>
internal sealed class XentObjective(int first, int count, ProgressReport progress) : Objective
{
    // Kaldi's guard of classes without frames.
    private const double ClassSmoothing = 0.5;

    private readonly ClassTotals _classes = new(count);
    private SoftLossResult _sums;

    public override double AverageLoss => _sums.Frames == 0 ? 0 : _sums.Loss / _sums.Frames;

    public override void Evaluate(Tensor output, SoftTargets targets, float[] weights, Tensor? gradient)
    {
        var part = first == 0 && count == output.Columns ? targets : targets.OfClasses(first, count);
        var batch = CrossEntropy.Evaluate(output, first, count, part, weights, gradient, _classes);
        _sums += batch;
        progress.Add(batch.Frames, batch.Loss);
    }

    public override string Report() =>
        $"AvgLoss: {Digits.Of(_sums.Loss / _sums.Frames)} (Xent), [AvgXent: {Digits.Of(_sums.CrossEntropy / _sums.Frames)}, "
        + $"AvgTargetEnt: {Digits.Of(_sums.TargetEntropy / _sums.Frames)}]\n"
        + progress.Line
        + $"FRAME_ACCURACY >> {Digits.Of(100 * _sums.Correct / _sums.Frames)}% <<\n";

    public override string ReportPerClass()
    {
        var frames = _classes.Frames.ToArray();
        var loss = frames.Select((n, c) => (_classes.CrossEntropy[c] - _classes.TargetEntropy[c]) / (n + ClassSmoothing));
        var accuracy = frames.Select((n, c) => 100 * _classes.Correct[c] / (n + ClassSmoothing));
        return $"PER-CLASS PERFORMANCE:\n@@@ Frames per-class:{Digits.Vector(frames)}"
            + $"@@@ Loss per-class:{Digits.Vector(loss)}@@@ Frame-accuracy per-class:{Digits.Vector(accuracy)}";
    }
}
