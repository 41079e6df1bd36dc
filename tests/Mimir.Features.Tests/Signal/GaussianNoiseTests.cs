using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class GaussianNoiseTests
{
    [Fact]
    public void AddTo_has_the_moments_of_the_normal_distribution()
    {
        var samples = new float[400_000];

        new GaussianNoise(1).AddTo(samples, 2);

        var scaled = samples.Select(s => s / 2.0).ToArray();
        Assert.Equal(0, scaled.Average(), 0.01);
        Assert.Equal(1, scaled.Average(s => s * s), 0.01);
        Assert.Equal(3, scaled.Average(s => s * s * s * s), 0.08);
        Assert.Equal(0.0455, scaled.Count(s => Math.Abs(s) > 2) / 400_000.0, 0.002);
        Assert.Equal(0, scaled.Zip(scaled.Skip(1), (a, b) => a * b).Average(), 0.01);
    }

    [Fact]
    public void AddTo_of_a_seed_is_fixed_for_ever()
    {
        var samples = new float[131];

        new GaussianNoise(5).AddTo(samples, 1);

        Assert.Equal(1.3756799, samples[0], 1e-5);
        Assert.Equal(0.8112138, samples[1], 1e-5);
        Assert.Equal(-0.9238675, samples[2], 1e-5);
        Assert.Equal(-0.7708700, samples[128], 1e-5);
    }

    [Fact]
    public void AddTo_in_pieces_equals_one_call_and_seeds_differ()
    {
        var (whole, pieces, other) = (new float[1000], new float[1000], new float[1000]);
        var noise = new GaussianNoise(5);

        new GaussianNoise(5).AddTo(whole, 1);
        noise.AddTo(pieces.AsSpan(0, 333), 1);
        noise.AddTo(pieces.AsSpan(333), 1);
        new GaussianNoise(6).AddTo(other, 1);

        Assert.Equal(whole, pieces);
        Assert.NotEqual(whole, other);
    }
}
