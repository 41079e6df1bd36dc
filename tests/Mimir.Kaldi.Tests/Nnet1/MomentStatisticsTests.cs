using Mimir.Kaldi.Nnet1;

namespace Mimir.Kaldi.Tests.Nnet1;

public sealed class MomentStatisticsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Moments_have_the_bits_of_Kaldis_sums_of_powers(int count)
    {
        var random = new Random(count);
        float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 3) - 1))];

        var moments = MomentStatistics.Of(values);

        var mean = PairSum(values) / count;
        var variance = PairSum(Powers(values, mean, 2)) / count;
        var third = PairSum(Powers(values, mean, 3));
        var fourth = PairSum(Powers(values, mean, 4));
        Assert.Equal(values.Min(), moments.Min);
        Assert.Equal(values.Max(), moments.Max);
        Assert.Equal(mean, moments.Mean);
        Assert.Equal(variance, moments.Variance);
        Assert.Equal((float)(third / Math.Pow(variance, 1.5) / count), moments.Skewness);
        Assert.Equal((float)((fourth / (variance * variance) / count) - 3.0), moments.Kurtosis);
    }

    [Fact]
    public void Nothing_has_no_moments()
    {
        var moments = MomentStatistics.Of([]);

        Assert.Equal(" ( min inf, max -inf, mean -nan, stddev -nan, skewness -nan, kurtosis -nan ) ", moments.ToString());
    }

    [Fact]
    public void A_value_that_is_not_a_number_shows_everywhere()
    {
        var moments = MomentStatistics.Of([1, float.NaN, 2]);

        Assert.True(float.IsNaN(moments.Min) && float.IsNaN(moments.Max) && float.IsNaN(moments.Mean));
    }

    private static float[] Powers(float[] values, float mean, int power) =>
        [.. values.Select(value => Enumerable.Repeat(value - mean, power).Aggregate(1f, (product, factor) => product * factor))];

    private static float PairSum(float[] values) =>
        (float)values.Chunk(2).Sum(pair => (double)(pair.Length == 2 ? pair[0] + pair[1] : pair[0]));
}
