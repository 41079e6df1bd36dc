using Mimir.Core.Losses;

namespace Mimir.Train.Losses;

/// <summary>Softmax and cross-entropy against classes or shares of classes.</summary>
internal sealed class CrossEntropyLoss : ITrainingLoss
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
        return new(loss.Loss, loss.Correct, loss.Frames);
    }
}
