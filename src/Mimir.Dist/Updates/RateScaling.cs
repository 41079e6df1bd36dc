namespace Mimir.Dist.Updates;

/// <summary>Policy of the learning rate and the momentum for the size of the global batch. Pure.</summary>
/// <remarks>
/// Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017: linear scaling with gradual warm-up.
/// A sum of gradients over a k-fold batch is k-fold by itself, so that for sums, which is what nnet1's rule takes, the
/// linear rule is the factor 1 and N workers do what one worker does with the same global batch.
/// </remarks>
public sealed record RateScaling
{
    /// <summary>Gets the rule.</summary>
    public RateScalingRule Rule { get; init; } = RateScalingRule.Linear;

    /// <summary>Gets the frames, from the start, over which the step grows from that of one worker's batch.</summary>
    public long WarmUpFrames { get; init; }

    /// <summary>True when the rate multiplies sums over the batch, not means.</summary>
    public bool OfSums { get; init; } = true;

    /// <summary>The factor of the learning rate.</summary>
    /// <param name="batchScale">k: the number of workers' batches in a step, at least 1.</param>
    /// <param name="framesDone">The frames of all workers before this step.</param>
    public double Factor(double batchScale, long framesDone)
    {
        if (!(batchScale >= 1))
            throw new ArgumentOutOfRangeException(nameof(batchScale), batchScale, "expected at least 1");

        var full = Rule switch
        {
            RateScalingRule.Linear => batchScale,
            RateScalingRule.SquareRoot => Math.Sqrt(batchScale),
            _ => 1,
        };
        var warm = WarmUpFrames > 0 ? Math.Clamp((double)framesDone / WarmUpFrames, 0, 1) : 1;
        var ofMeans = 1 + ((full - 1) * warm);
        return OfSums ? ofMeans / batchScale : ofMeans;
    }

    /// <summary>The momentum that forgets as fast, counted in frames, when the batch grows: m^k.</summary>
    /// <param name="momentum">m for the batch of one worker.</param>
    /// <param name="batchScale">k.</param>
    public static double MomentumOfBatch(double momentum, double batchScale) => Math.Pow(momentum, batchScale);
}

/// <summary>The learning rate of a mean gradient when the batch grows k-fold.</summary>
public enum RateScalingRule
{
    /// <summary>It grows k-fold.</summary>
    Linear,

    /// <summary>It grows by the square root of k.</summary>
    SquareRoot,

    /// <summary>It stays.</summary>
    None,
}
