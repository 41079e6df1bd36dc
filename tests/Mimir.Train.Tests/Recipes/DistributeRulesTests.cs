using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.Easgd;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Recipes;

public sealed class DistributeRulesTests
{
    [Fact]
    public void Every_key_of_the_modes_reaches_their_options_and_reads_back()
    {
        (string Text, UpdateOptions Options)[] modes =
        [
            (
                "sync: {bucket-mb: 0.5, compression: one-bit}",
                new SyncOptions { BucketElements = 1 << 17, Compression = GradientCompression.OneBit }
            ),
            ("sync: {compression: fp16}", new SyncOptions { Compression = GradientCompression.Half }),
            (
                "ma: {period-frames: 5000000000, forget-momentum: true}",
                new ModelAveragingOptions { PeriodFrames = 5_000_000_000, ForgetMomentum = true }
            ),
            (
                "bmuf: {period-frames: 9, block-momentum: 0.5, block-rate: 0.9, kind: look-ahead, gain-from-momentum: true, "
                + "forget-momentum: false, warm-up-frames: 77}",
                new BmufOptions
                {
                    PeriodFrames = 9,
                    BlockMomentum = 0.5,
                    BlockRate = 0.9,
                    Kind = BlockMomentumKind.LookAhead,
                    GainFromMomentum = true,
                    ForgetMomentum = false,
                    WarmUpFrames = 77,
                }),
            (
                "asgd: {period-frames: 9, max-staleness: 3, scale-by-staleness: true, delay-compensation: adaptive, "
                + "compensation-strength: 0.1, mean-square-decay: 0.9, forget-momentum: true}",
                new AsgdOptions
                {
                    PeriodFrames = 9,
                    MaxStaleness = 3,
                    ScaleByStaleness = true,
                    Compensation = DelayCompensation.Adaptive,
                    CompensationStrength = 0.1,
                    MeanSquareDecay = 0.9,
                    ForgetMomentum = true,
                }),
            ("easgd: {period-frames: 9, elasticity: 0.5}", new EasgdOptions { PeriodFrames = 9, Elasticity = 0.5 }),
            ("asgd: {elasticity: 0.9}", new AsgdOptions { Elasticity = 0.9 }),
            (
                "two-tier: {inside: {compression: fp16}, across: {kind: classical}}",
                new TwoTierOptions
                {
                    Inside = new() { Compression = GradientCompression.Half },
                    Across = new() { Kind = BlockMomentumKind.Classical },
                }),
        ];

        foreach (var (text, options) in modes)
        {
            var loaded = Some.Read($"{Some.Recipe}\ndistribute:\n  update: {{{text}}}");

            Assert.Equal(options, loaded.Recipe.Distribute.Update);
            Assert.Equal(loaded.Recipe.Distribute, Some.Read(loaded.ToYaml()).Recipe.Distribute);
        }
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("ma")]
    [InlineData("bmuf")]
    [InlineData("asgd")]
    [InlineData("easgd")]
    [InlineData("two-tier")]
    public void Defaults_are_those_of_the_modes(string mode)
    {
        var update = Some.Read(Some.Recipe, $"distribute.update={mode}").Recipe.Distribute.Update;

        Assert.Equal(Activator.CreateInstance(update.GetType()), update);
    }

    [Theory]
    [InlineData("distribute.update={asgd: {elasticity: 0.9, delay-compensation: constant}}", "asgd.elasticity", "delay-compensation")]
    [InlineData("distribute.update={asgd: {elasticity: 0.9, scale-by-staleness: true}}", "asgd.elasticity", "scale-by-staleness")]
    [InlineData("distribute.update={asgd: {elasticity: 0}}", "asgd.elasticity", "1")]
    [InlineData("distribute.update={asgd: {compensation-strength: 0.1}}", "compensation-strength", "delay-compensation")]
    [InlineData("distribute.update={asgd: {delay-compensation: constant, mean-square-decay: 0.9}}", "mean-square-decay", "adaptive")]
    [InlineData("distribute.update={bmuf: {block-momentum: 1}}", "block-momentum", "below 1")]
    [InlineData("distribute.update={bmuf: {block-momentum: 0, gain-from-momentum: true}}", "gain-from-momentum", "block-momentum")]
    [InlineData("distribute.update={bmuf: {nesterov: true}}", "nesterov", "bmuf")]
    [InlineData(
        "distribute.update={two-tier: {across: {block-momentum: 0, gain-from-momentum: true}}}",
        "two-tier.across.gain-from-momentum",
        "1 - 1 / workers")]
    [InlineData("distribute={workers: 2, update: {two-tier: {machines: 3}}}", "two-tier.machines", "distribute.workers")]
    [InlineData("distribute.update={two-tier: {across: {kind: fast}}}", "two-tier.across.kind", "look-ahead")]
    [InlineData("distribute.update={sync: {bucket-mb: -1}}", "bucket-mb", "1024")]
    [InlineData("distribute.update={sync: {compression: zip}}", "compression", "one-bit")]
    [InlineData("distribute={update: ma, rate: {scaling: linear}}", "distribute.rate", "own batch")]
    [InlineData("distribute={update: bmuf, rate: {warm-up-frames: 10}}", "distribute.rate", "distribute.update.bmuf.warm-up-frames")]
    [InlineData("distribute.rate={scaling: none, warm-up-frames: 10}", "warm-up-frames", "linear")]
    [InlineData("distribute.rate={scaling: cubic}", "scaling", "square-root")]
    public void What_cannot_be_is_refused_with_its_key(string set, params string[] words)
    {
        var message = Some.ErrorOf(Some.Recipe, set);

        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("natural-gradient", true)]
    [InlineData("sgd", false)]
    public void Statistics_of_natural_gradient_are_not_compressed(string optimiser, bool refused)
    {
        string[] overrides = [$"train.optimiser={optimiser}", "distribute.update={sync: {compression: fp16}}"];
        if (refused)
            Assert.Contains("'distribute.update.sync.compression'", Some.ErrorOf(Some.Recipe, overrides), StringComparison.Ordinal);
        else
            Assert.True(RecipeReader.Parse(Some.Recipe, "r", new() { Overrides = overrides }).Recipe.Distribute.Update.CompressesGradients);
    }

    [Theory]
    [InlineData("distribute.rate.warm-up-frames=10", "distribute.rate.scaling")]
    [InlineData("distribute.rate.momentum=of-batch", "adam has no momentum")]
    public void What_adam_does_not_have_is_refused(string set, string words) =>
        Assert.Contains(words, Some.ErrorOf(Some.Recipe, "train.optimiser=adam", set), StringComparison.Ordinal);
}
