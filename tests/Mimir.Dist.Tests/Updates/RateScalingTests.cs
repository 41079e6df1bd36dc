using Mimir.Dist.Updates;

namespace Mimir.Dist.Tests.Updates;

public sealed class RateScalingTests
{
    [Theory]
    [InlineData(RateScalingRule.Linear, false, 8)]
    [InlineData(RateScalingRule.SquareRoot, false, 2.8284271247)]
    [InlineData(RateScalingRule.None, false, 1)]
    [InlineData(RateScalingRule.Linear, true, 1)]
    [InlineData(RateScalingRule.SquareRoot, true, 0.3535533906)]
    [InlineData(RateScalingRule.None, true, 0.125)]
    public void Factor_follows_the_rule(RateScalingRule rule, bool ofSums, double expected) =>
        Assert.Equal(expected, new RateScaling { Rule = rule, OfSums = ofSums }.Factor(8, 0), 1e-9);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(500, 4.5)]
    [InlineData(1000, 8)]
    [InlineData(5000, 8)]
    public void Factor_grows_evenly_in_warm_up(long frames, double expected) =>
        Assert.Equal(expected, new RateScaling { OfSums = false, WarmUpFrames = 1000 }.Factor(8, frames), 1e-9);

    [Fact]
    public void One_worker_is_never_scaled()
    {
        foreach (var rule in Enum.GetValues<RateScalingRule>())
            Assert.Equal(1, new RateScaling { Rule = rule, WarmUpFrames = 10 }.Factor(1, 3));
    }

    [Fact]
    public void Momentum_is_corrected()
    {
        // v = m v + r g with the corrected m is r c with c = m c + g, also when r changes.
        double[] rates = [0.1, 0.1, 0.4, 0.8, 0.2];
        double velocity = 0, correction = 0;
        for (var i = 0; i < rates.Length; i++)
        {
            var m = i == 0 ? 0.9 : RateScaling.CorrectedMomentum(0.9, rates[i - 1], rates[i]);
            velocity = (m * velocity) + (rates[i] * (i + 1));
            correction = (0.9 * correction) + i + 1;
            Assert.Equal(rates[i] * correction, velocity, 1e-12);
        }

        Assert.Equal(0.6561, RateScaling.MomentumOfBatch(0.9, 4), 1e-12);
        Assert.Equal(0.75, RateScaling.BlockMomentum(4));
    }

    [Fact]
    public void BatchScale_counts_the_workers_whose_gradients_a_step_is_taken_with()
    {
        Assert.Equal(8, new SyncOptions().BatchScale(8, 2));
        Assert.Equal(4, new TwoTierOptions().BatchScale(8, 2));
        Assert.Equal(1, new BmufOptions().BatchScale(8, 2));
    }
}
