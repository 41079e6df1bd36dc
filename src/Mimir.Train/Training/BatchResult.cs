namespace Mimir.Train.Training;

/// <summary>What a batch gave.</summary>
/// <param name="Loss">The cross-entropy, summed over the batch's frames, in nats.</param>
/// <param name="Correct">The frames whose best class is the target.</param>
/// <param name="Frames">The frames.</param>
public readonly record struct BatchResult(double Loss, long Correct, double Frames);
