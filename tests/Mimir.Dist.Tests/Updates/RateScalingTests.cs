using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;

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
    public void Momentum_of_a_larger_batch_forgets_as_fast_in_frames() =>
        Assert.Equal(0.6561, RateScaling.MomentumOfBatch(0.9, 4), 1e-12);

    [Fact]
    public void Block_momentum_makes_up_for_the_mean_of_the_workers() => Assert.Equal(0.75, new BmufOptions().MomentumOf(4));

    [Fact]
    public void BatchScale_counts_the_workers_whose_gradients_a_step_is_taken_with()
    {
        Assert.Equal(8, new SyncOptions().BatchScale(8, 2));
        Assert.Equal(4, new TwoTierOptions().BatchScale(8, 2));
        Assert.Equal(1, new BmufOptions().BatchScale(8, 2));
    }
}
