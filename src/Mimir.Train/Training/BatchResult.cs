namespace Mimir.Train.Training;

/// <summary>What a batch gave.</summary>
/// <param name="Loss">The cross-entropy less that of soft targets themselves, summed over the batch's frames, in nats.</param>
/// <param name="Correct">The frames, by weight, whose best class is the target.</param>
/// <param name="Frames">The frames, by weight.</param>
public readonly record struct BatchResult(double Loss, double Correct, double Frames);
