using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Tests.Extraction;

public sealed class DeltasTests
{
    [Fact]
    public void Add_of_a_ramp_has_its_slope_inside_and_repeats_the_edges()
    {
        var ramp = new FloatMatrix(9, 1, [0, 3, 6, 9, 12, 15, 18, 21, 24]);

        var features = Deltas.Add(ramp, order: 1, window: 2);

        Assert.Equal(2, features.Columns);
        Assert.Equal(3, features[4, 1], 1e-5);
        Assert.Equal(((1 * 3) + (2 * 6)) / 10.0, features[0, 1], 1e-5);
    }

    [Fact]
    public void Add_of_a_parabola_has_its_curvature()
    {
        var parabola = new FloatMatrix(15, 1, [.. Enumerable.Range(0, 15).Select(t => 0.5f * t * t)]);

        var features = Deltas.Add(parabola);

        Assert.Equal(7, features[7, 1], 1e-4);
        Assert.Equal(1, features[7, 2], 1e-4);
    }

    [Fact]
    public void Splice_repeats_the_edges()
    {
        var features = new FloatMatrix(3, 2, [1, 2, 3, 4, 5, 6]);

        var spliced = Splicer.Splice(features, left: 2, right: 1);

        Assert.Equal([1, 2, 1, 2, 1, 2, 3, 4], spliced.Row(0).ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 5, 6], spliced.Row(2).ToArray());
    }
}
