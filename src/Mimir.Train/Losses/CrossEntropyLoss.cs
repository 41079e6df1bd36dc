using Mimir.Core.Losses;

namespace Mimir.Train.Losses;

/// <summary>Softmax and cross-entropy against classes or shares of classes.</summary>
/// <param name="smoothing">The share of a class that is spread over all classes.</param>
internal sealed class CrossEntropyLoss(double smoothing = 0) : ITrainingLoss
{
    /// <inheritdoc/>
    /// <remarks>The loss is the cross-entropy less that of soft targets themselves, in nats.</remarks>
    public BatchResult Evaluate(Tensor logits, in LossBatch batch, Tensor? gradient)
    {
        var targets = batch.Targets;
        if (targets.Soft is { } soft)
        {
            var weighted = CrossEntropy.Evaluate(logits, soft, targets.Weights, gradient);
            return new(weighted.Loss, weighted.Correct, weighted.Frames);
        }

        var loss = CrossEntropy.Evaluate(logits, targets.Classes, targets.Weights, gradient);
        var sum = smoothing > 0
            ? LabelSmoothing.Smooth(loss.Loss, logits, targets.Classes, targets.Weights, smoothing, gradient)
            : loss.Loss;
        return new(sum, loss.Correct, loss.Frames);
    }
}
