namespace Mimir.Core.Losses;

/// <summary>What cross-entropy with soft targets says about a batch; weighted sums, so that batches add up.</summary>
/// <param name="CrossEntropy">The sum over frames and classes of -w t log y, in nats.</param>
/// <param name="TargetEntropy">The same of the targets themselves, -w t log t: what no model can go below.</param>
/// <param name="Correct">The weight of the frames whose highest output is the class of the largest target.</param>
/// <param name="Frames">The sum of w t.</param>
public readonly record struct SoftLossResult(double CrossEntropy, double TargetEntropy, double Correct, double Frames)
{
    /// <summary>Gets the loss that is reported: the divergence of the outputs from the targets.</summary>
    public double Loss => CrossEntropy - TargetEntropy;

    /// <summary>Gets a value indicating whether the loss is a number to go on with.</summary>
    public bool IsFinite => double.IsFinite(CrossEntropy);

    /// <summary>Adds the sums of two batches.</summary>
    public static SoftLossResult operator +(SoftLossResult left, SoftLossResult right) => left.Add(right);

    /// <summary>Adds the sums of another batch.</summary>
    public SoftLossResult Add(SoftLossResult other) => new(
        CrossEntropy + other.CrossEntropy, TargetEntropy + other.TargetEntropy, Correct + other.Correct, Frames + other.Frames);
}
