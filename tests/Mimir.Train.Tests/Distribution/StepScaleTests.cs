using Mimir.Dist.Updates.TwoTier;
using Mimir.Train.Distribution;

namespace Mimir.Train.Tests.Distribution;

public sealed class StepScaleTests
{
    [Theory]
    [InlineData("sgd", "{}", 0, 1)]
    [InlineData("adam", "{}", 0, 1)]
    [InlineData("sgd", "{scaling: linear}", 0, 1)]
    [InlineData("sgd", "{scaling: none}", 0, 0.25)]
    [InlineData("sgd", "{scaling: square-root}", 0, 0.5)]
    [InlineData("adam", "{scaling: linear}", 0, 4)]
    [InlineData("adam", "{scaling: square-root}", 0, 2)]
    [InlineData("sgd", "{warm-up-frames: 1000}", 0, 0.25)]
    [InlineData("sgd", "{warm-up-frames: 1000}", 500, 0.625)]
    [InlineData("sgd", "{warm-up-frames: 1000}", 2000, 1)]
    [InlineData("adam", "{scaling: linear, warm-up-frames: 1000}", 500, 2.5)]
    public void RateOf_follows_the_rule_for_the_optimisers_kind_of_gradient(string optimiser, string rate, long framesDone, double factor)
    {
        var recipe = Some.Read(Some.Recipe, $"train.optimiser={optimiser}", $"distribute.rate={rate}").Recipe;

        var scaled = StepScale.Of(recipe, workers: 4, machines: 1).RateOf(0.008, framesDone);

        Assert.Equal(0.008 * factor, scaled, 12);
    }

    [Theory]
    [InlineData("sync", 4)]
    [InlineData("two-tier", 2)]
    [InlineData("bmuf", 1)]
    [InlineData("asgd", 1)]
    public void Of_counts_the_batches_that_a_step_is_taken_with(string update, double expected)
    {
        var recipe = Some.Read(Some.Recipe, $"distribute.update={update}").Recipe;

        Assert.Equal(expected, StepScale.Of(recipe, workers: 4, machines: 2).BatchScale);
    }

    [Theory]
    [InlineData("as-is", 0.9)]
    [InlineData("of-batch", 0.6561)]
    public void MomentumOf_forgets_as_fast_in_frames_when_asked(string momentum, double expected)
    {
        var recipe = Some.Read(Some.Recipe, $"distribute.rate.momentum={momentum}").Recipe;

        Assert.Equal(expected, StepScale.Of(recipe, workers: 4, machines: 1).MomentumOf(0.9), 12);
    }

    [Fact]
    public void Machine_cuts_the_ranks_into_as_many_parts()
    {
        var options = new TwoTierOptions { Machines = 2 };

        string?[] names = [.. Enumerable.Range(0, 5).Select(rank => UpdateSetup.MachineOf(options, rank, 5))];

        Assert.Equal("00033", string.Concat(names.Select(name => Array.IndexOf(names, name))));
        Assert.Null(UpdateSetup.MachineOf(new TwoTierOptions(), 0, 5));
    }
}
