namespace Mimir.Train.Checkpoints;

/// <summary>The running sums of an epoch, in double, so that a long epoch loses nothing.</summary>
/// <param name="Loss">The cross-entropy, summed over frames.</param>
/// <param name="Correct">The frames, by weight, whose best class is the target.</param>
/// <param name="Frames">The frames, by weight.</param>
public readonly record struct EpochTotals(double Loss, double Correct, double Frames)
{
    /// <summary>Gets the frames, each counted once whatever its weight; 0 in cross-validation.</summary>
    public long Rows { get; init; }

    /// <summary>Gets the cross-entropy per frame, or 0 before the first frame.</summary>
    public double LossPerFrame => Frames > 0 ? Loss / Frames : 0;

    /// <summary>Gets the share of frames that are right, from 0 to 1.</summary>
    public double Accuracy => Frames > 0 ? Correct / Frames : 0;

    /// <summary>Adds a batch.</summary>
    /// <param name="loss">Its cross-entropy, summed over frames.</param>
    /// <param name="correct">Its frames, by weight, whose best class is the target.</param>
    /// <param name="frames">Its frames, by weight.</param>
    /// <param name="rows">Its frames, each counted once.</param>
    public EpochTotals Add(double loss, double correct, double frames, int rows = 0) =>
        new(Loss + loss, Correct + correct, Frames + frames) { Rows = Rows + rows };
}
