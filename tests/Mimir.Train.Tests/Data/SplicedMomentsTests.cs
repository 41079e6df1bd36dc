using Mimir.Base;
using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

public sealed class SplicedMomentsTests
{
    [Fact]
    public void Shift_and_scale_equal_those_of_features_that_are_really_spliced()
    {
        const int Dim = 3;
        var random = SeededRandom.Of(1, 0);
        var moments = new SplicedMoments(4, 2, Dim);
        var spliced = new List<double[]>();
        foreach (var frames in new[] { 1, 2, 3, 4, 5, 9, 30 })
        {
            var features = Enumerable.Range(0, frames * Dim).Select(_ => (random.BelowExactly(2000) - 300) / 100f).ToArray();
            moments.Add(features);
            for (var frame = 0; frame < frames; frame++)
            {
                spliced.Add([.. Enumerable.Range(-4, 7).SelectMany(offset =>
                    features.Skip(Math.Clamp(frame + offset, 0, frames - 1) * Dim).Take(Dim)).Select(value => (double)value)]);
            }
        }

        var shift = moments.Shift();
        var scale = moments.Scale();

        for (var d = 0; d < 7 * Dim; d++)
        {
            var mean = spliced.Average(row => row[d]);
            var variance = spliced.Average(row => Math.Pow(row[d] - mean, 2));
            Assert.Equal(-mean, shift[d], 1e-5);
            Assert.Equal(1 / Math.Sqrt(variance), scale[d], 1e-5);
        }
    }

    [Fact]
    public void Scale_of_a_constant_dimension_is_finite()
    {
        var moments = new SplicedMoments(1, 1, 1);
        moments.Add([5, 5, 5, 5]);

        Assert.All(moments.Scale(), value => Assert.Equal(1e5f, value));
        Assert.All(moments.Shift(), value => Assert.Equal(-5, value));
    }
}
