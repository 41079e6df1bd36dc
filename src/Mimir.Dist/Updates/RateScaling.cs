namespace Mimir.Dist.Updates;

/// <summary>How learning rate and momentum follow from the size of the global batch: a pure policy.</summary>
/// <remarks>
/// Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017: linear scaling with gradual warm-up.
/// A sum of gradients over a k-fold batch is k-fold by itself, so that for sums, which is what nnet1's rule takes, the
/// linear rule is the factor 1 and N workers do what one worker does with the same global batch.
/// </remarks>
public sealed record RateScaling
{
    /// <summary>Gets the rule. The default is linear.</summary>
    public RateScalingRule Rule { get; init; } = RateScalingRule.Linear;

    /// <summary>Gets the frames, from the start, over which the step grows from that of one worker's batch. The default is 0.</summary>
    public long WarmUpFrames { get; init; }

    /// <summary>Gets a value indicating whether the rate multiplies sums over the batch, not means. The default is true.</summary>
    public bool OfSums { get; init; } = true;

    /// <summary>The factor of the learning rate.</summary>
    /// <param name="batchScale">k: how many times the batch of one worker a step is taken with, at least 1.</param>
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

    /// <summary>The momentum of the next step when the rate is inside the remembered velocity: v = m v + r g, W -= v.</summary>
    /// <remarks>
    /// With the rate outside, as in nnet1's c = m c + g, W -= r c, nothing needs to be corrected (Goyal et al., 2.2, remark 2).
    /// </remarks>
    /// <param name="momentum">m.</param>
    /// <param name="previousRate">The rate of the step before, more than 0.</param>
    /// <param name="rate">The rate of the next step.</param>
    public static double CorrectedMomentum(double momentum, double previousRate, double rate) => momentum * rate / previousRate;

    /// <summary>The momentum that forgets as fast, counted in frames, when the batch grows: m^k.</summary>
    /// <param name="momentum">m for the batch of one worker.</param>
    /// <param name="batchScale">k.</param>
    public static double MomentumOfBatch(double momentum, double batchScale) => Math.Pow(momentum, batchScale);

    /// <summary>The block momentum with which a block of N workers moves the model as far as N times the frames: 1 - 1/N.</summary>
    /// <param name="workers">N.</param>
    public static double BlockMomentum(int workers) => 1 - (1.0 / workers);
}
