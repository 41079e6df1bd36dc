namespace Mimir.Core.Losses;

/// <summary>What a loss says about a batch; sums, so that batches add up.</summary>
/// <param name="Loss">The loss summed over frames, in nats; not finite when the network's output is not.</param>
/// <param name="Correct">The frames of positive weight whose highest output is the target.</param>
/// <param name="Frames">The sum of the frames' weights.</param>
public readonly record struct LossResult(double Loss, long Correct, double Frames)
{
    /// <summary>Gets a value indicating whether the loss is a number to go on with.</summary>
    public bool IsFinite => double.IsFinite(Loss);

    /// <summary>Adds the sums of two batches.</summary>
    public static LossResult operator +(LossResult left, LossResult right) => left.Add(right);

    /// <summary>Adds the sums of another batch.</summary>
    public LossResult Add(LossResult other) => new(Loss + other.Loss, Correct + other.Correct, Frames + other.Frames);
}
