namespace Mimir.Train.Training;

/// <summary>What an epoch has added up so far, in double, so that a long epoch loses nothing.</summary>
/// <param name="Loss">The cross-entropy, summed over frames.</param>
/// <param name="Correct">The frames, by weight, whose best class is the target.</param>
/// <param name="Frames">The frames, by weight.</param>
public readonly record struct EpochTotals(double Loss, double Correct, double Frames)
{
    /// <summary>Gets the frames, each as one whatever its weight; not counted where nobody asks for them.</summary>
    public long Rows { get; init; }

    /// <summary>The cross-entropy of a frame, or 0 before the first.</summary>
    public double LossPerFrame => Frames > 0 ? Loss / Frames : 0;

    /// <summary>The share of frames that are right, from 0 to 1.</summary>
    public double Accuracy => Frames > 0 ? Correct / Frames : 0;

    /// <summary>These totals with a batch more.</summary>
    /// <param name="loss">Its cross-entropy, summed over frames.</param>
    /// <param name="correct">Its frames, by weight, whose best class is the target.</param>
    /// <param name="frames">Its frames, by weight.</param>
    /// <param name="rows">Its frames.</param>
    public EpochTotals Add(double loss, double correct, double frames, int rows = 0) =>
        new(Loss + loss, Correct + correct, Frames + frames) { Rows = Rows + rows };
}
