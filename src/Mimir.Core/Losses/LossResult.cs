namespace Mimir.Core.Losses;

/// <summary>The result of a loss on a batch: sums, so that batches add up.</summary>
/// <param name="Loss">The loss summed over frames, in nats; not finite when the network's output is not.</param>
/// <param name="Correct">The frames of positive weight whose highest output is the target.</param>
/// <param name="Frames">The sum of the frames' weights.</param>
public readonly record struct LossResult(double Loss, long Correct, double Frames)
{
    /// <summary>True when the loss is finite; otherwise the training has diverged.</summary>
    public bool IsFinite => double.IsFinite(Loss);

    /// <summary>Adds the sums of two batches.</summary>
    public static LossResult operator +(LossResult left, LossResult right) => left.Add(right);

    /// <summary>Adds the sums of another batch.</summary>
    public LossResult Add(LossResult other) => new(Loss + other.Loss, Correct + other.Correct, Frames + other.Frames);
}

/// <summary>The result of cross-entropy with soft targets on a batch: weighted sums, so that batches add up.</summary>
/// <param name="CrossEntropy">The sum over frames and classes of -w t log y, in nats.</param>
/// <param name="TargetEntropy">The sum of -w t log t, the entropy of the targets themselves: the lower bound of the cross-entropy.</param>
/// <param name="Correct">The weight of the frames whose highest output is the class of the largest target.</param>
/// <param name="Frames">The sum of w t.</param>
public readonly record struct SoftLossResult(double CrossEntropy, double TargetEntropy, double Correct, double Frames)
{
    /// <summary>Gets the reported loss: the Kullback-Leibler divergence of the outputs from the targets.</summary>
    public double Loss => CrossEntropy - TargetEntropy;

    /// <summary>True when the loss is finite; otherwise the training has diverged.</summary>
    public bool IsFinite => double.IsFinite(CrossEntropy);

    /// <summary>Adds the sums of two batches.</summary>
    public static SoftLossResult operator +(SoftLossResult left, SoftLossResult right) => left.Add(right);

    /// <summary>Adds the sums of another batch.</summary>
    public SoftLossResult Add(SoftLossResult other) => new(
        CrossEntropy + other.CrossEntropy, TargetEntropy + other.TargetEntropy, Correct + other.Correct, Frames + other.Frames);
}

/// <summary>The sums of <see cref="SoftLossResult"/> by class.</summary>
/// <param name="classes">The number of classes.</param>
public sealed class ClassTotals(int classes)
{
    private readonly double[] _crossEntropy = new double[classes];
    private readonly double[] _targetEntropy = new double[classes];
    private readonly double[] _correct = new double[classes];
    private readonly double[] _frames = new double[classes];

    /// <summary>Gets the cross-entropy of each class.</summary>
    public ReadOnlySpan<double> CrossEntropy => _crossEntropy;

    /// <summary>Gets the entropy of the targets of each class.</summary>
    public ReadOnlySpan<double> TargetEntropy => _targetEntropy;

    /// <summary>Gets the weight of the frames of each class that were recognised.</summary>
    public ReadOnlySpan<double> Correct => _correct;

    /// <summary>Gets the weight of each class.</summary>
    public ReadOnlySpan<double> Frames => _frames;

    internal void Add(int target, double frames, double crossEntropy, double targetEntropy)
    {
        _frames[target] += frames;
        _crossEntropy[target] += crossEntropy;
        _targetEntropy[target] += targetEntropy;
    }

    internal void AddCorrect(int target, double weight) => _correct[target] += weight;
}
