using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Transforms;

namespace Mimir.Gmm.Tests.Transforms;

public sealed class LdaEstimationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Estimate_finds_the_direction_that_tells_classes_apart_and_scales_it()
    {
        var statistics = TwoClasses();

        var transform = LdaEstimation.Estimate(statistics, new LdaOptions { Dimension = 1, RemoveOffset = true });

        // The classes differ by 3 along the first value only, and vary by 0.5 there.
        Assert.InRange(Math.Abs(transform.Matrix[0, 0]), 1.9, 2.1);
        Assert.InRange(Math.Abs(transform.Matrix[0, 1]), 0, 0.05);
        Assert.InRange(transform.SingularValues[0], 8, 10);
        Assert.InRange(transform.SingularValues[1], 0, 1e-3);
        Assert.Equal(-1.5f * transform.Matrix[0, 0], transform.Matrix[0, 3], 0.2f);
        Assert.Equal((3, 4), (transform.Full.Rows, transform.Full.Columns));
    }

    [Fact]
    public void Estimate_with_a_smaller_factor_shrinks_what_tells_nothing()
    {
        var options = new LdaOptions { Dimension = 2, AllowLargeDimension = true };
        var plain = LdaEstimation.Estimate(TwoClasses(), options);
        var shrunk = LdaEstimation.Estimate(TwoClasses(), options with { WithinClassFactor = 0.0001f });

        Assert.InRange(Math.Abs(shrunk.Matrix[0, 0] / plain.Matrix[0, 0]), 0.9, 1);
        Assert.InRange(Math.Abs(shrunk.Matrix[1, 1] / plain.Matrix[1, 1]), 0, 0.1);
    }

    [Fact]
    public void Estimate_of_too_many_dimensions_or_no_frames_is_refused()
    {
        Assert.Throws<InputException>(() => LdaEstimation.Estimate(TwoClasses(), new LdaOptions { Dimension = 4 }));
        Assert.Throws<InputException>(() => LdaEstimation.Estimate(TwoClasses(), new LdaOptions { Dimension = 2 }));
        Assert.Throws<InputException>(() => LdaEstimation.Estimate(new LdaStatistics(2, 3), new LdaOptions { Dimension = 1 }));
        var constant = new LdaStatistics(2, 3);
        constant.Add(0, [1, 1, 1], 1);
        constant.Add(1, [1, 1, 1], 1);
        Assert.Throws<InputException>(() => LdaEstimation.Estimate(constant, new LdaOptions { Dimension = 1 }));
    }

    [Fact]
    public void Estimate_of_a_value_that_is_another_twice_is_smoothed()
    {
        var statistics = new LdaStatistics(2, 2);
        for (var i = 0; i < 10; i++)
            statistics.Add(i % 2, [i, i], 1);

        Assert.True(LdaEstimation.Estimate(statistics, new LdaOptions { Dimension = 1 }).Smoothing > 0);
    }

    [Fact]
    public void Files_give_back_the_statistics_and_their_sum()
    {
        TwoClasses().Write(_folder.At("a"));
        TwoClasses().Write(_folder.At("b"), binary: false);

        var sum = StatisticsSum.Read<LdaStatistics>([_folder.At("a"), _folder.At("b")]);

        Assert.Equal([1000.0, 1000.0], sum.Counts);
        var (one, two) = (LdaEstimation.Estimate(TwoClasses(), new LdaOptions { Dimension = 1 }),
            LdaEstimation.Estimate(sum, new LdaOptions { Dimension = 1 }));
        Assert.Equal(Math.Abs(one.Matrix[0, 0]), Math.Abs(two.Matrix[0, 0]), 1e-3f);
        new LdaStatistics(3, 3).Write(_folder.At("c"));
        Assert.Throws<InputException>(() => StatisticsSum.Read<LdaStatistics>([_folder.At("a"), _folder.At("c")]));
    }

    [Fact]
    public void Read_of_damaged_statistics_gives_values_or_a_message()
    {
        TwoClasses().Write(_folder.At("binary"));
        TwoClasses().Write(_folder.At("text"), binary: false);

        Fuzzer.Run("lda statistics", File.ReadAllBytes(_folder.At("binary")), path => LdaStatistics.Read(path));
        Fuzzer.Run("lda statistics text", File.ReadAllBytes(_folder.At("text")), path => LdaStatistics.Read(path));
    }

    private static LdaStatistics TwoClasses()
    {
        var statistics = new LdaStatistics(2, 3);
        var random = new SeededRandom(3);
        for (var i = 0; i < 1000; i++)
        {
            var noise = random.NextNormal();
            statistics.Add(i % 2, [(float)((3 * (i % 2)) + (0.5 * noise)), (float)random.NextNormal(), (float)random.NextNormal()], 1);
        }

        return statistics;
    }
}
