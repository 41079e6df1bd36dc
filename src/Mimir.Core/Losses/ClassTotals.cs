namespace Mimir.Core.Losses;

/// <summary>The sums of <see cref="SoftLossResult"/> for each class apart.</summary>
/// <param name="classes">The number of classes.</param>
public sealed class ClassTotals(int classes)
{
    private readonly double[] _crossEntropy = new double[classes];
    private readonly double[] _targetEntropy = new double[classes];
    private readonly double[] _correct = new double[classes];
    private readonly double[] _frames = new double[classes];

    /// <summary>Gets the cross-entropy of each class.</summary>
    public ReadOnlySpan<double> CrossEntropy => _crossEntropy;

    /// <summary>Gets the entropy of each class's targets.</summary>
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
