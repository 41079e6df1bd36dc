using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Tests.Extraction;

public sealed class CmvnStatisticsTests
{
    private static readonly float[] Values = [1, 10, 3, 30, 5, 50, 7, 70];

    [Fact]
    public void ToMatrix_has_sums_count_and_squares()
    {
        var statistics = Of(Values);

        Assert.Equal(new double[,] { { 16, 160, 4 }, { 84, 8400, 0 } }, statistics.ToMatrix());
    }

    [Fact]
    public void Accumulate_of_parts_equals_the_whole()
    {
        var sum = Of(Values[..4]);

        sum.Accumulate(new FloatMatrix(2, 2, Values[4..]));

        Assert.Equal(Of(Values).ToMatrix(), sum.ToMatrix());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Apply_in_reverse_undoes_apply(bool normVars)
    {
        var statistics = Of(Values);
        var features = new FloatMatrix(4, 2, [.. Values]);

        statistics.Apply(features, normVars);
        var normalised = features.Data.ToArray();
        statistics.Apply(features, normVars, reverse: true);

        Assert.Equal(0, normalised.Where((_, i) => i % 2 == 0).Average(), 1e-5);
        Assert.Equal(normVars ? 1 : 5, normalised.Where((_, i) => i % 2 == 0).Average(x => x * x), 1e-4);
        Assert.All(features.Data.Zip(Values), p => Assert.Equal(p.Second, p.First, 1e-4));
    }

    [Fact]
    public void Apply_to_a_value_that_does_not_vary_stays_finite()
    {
        var statistics = Of([2, 2, 2, 2]);
        var features = new FloatMatrix(2, 2, [2, 2, 2, 2]);

        statistics.Apply(features, normVars: true);

        Assert.All(features.Data, x => Assert.True(float.IsFinite(x)));
    }

    [Fact]
    public void WithoutDimensions_leaves_values_as_they_are()
    {
        var features = new FloatMatrix(4, 2, [.. Values]);

        Of(Values).WithoutDimensions([1]).Apply(features, normVars: true);

        Assert.Equal(Values.Where((_, i) => i % 2 == 1), features.Data.Where((_, i) => i % 2 == 1));
    }

    [Fact]
    public void Apply_without_frames_and_malformed_matrices_are_refused()
    {
        Assert.Throws<InputException>(() => new CmvnStatistics(2).Apply(new FloatMatrix(1, 2)));
        Assert.Throws<InputException>(() => new CmvnStatistics(new double[3, 3]));
        Assert.Throws<InputException>(() => new CmvnStatistics(new double[,] { { 1, double.NaN }, { 1, 0 } }));
        Assert.Throws<InputException>(() => Of(Values).Apply(new FloatMatrix(1, 3)));
        Assert.Throws<InputException>(() => Of([float.PositiveInfinity, 1]));
    }

    private static CmvnStatistics Of(float[] values)
    {
        var statistics = new CmvnStatistics(2);
        statistics.Accumulate(new FloatMatrix(values.Length / 2, 2, values));
        return statistics;
    }
}
