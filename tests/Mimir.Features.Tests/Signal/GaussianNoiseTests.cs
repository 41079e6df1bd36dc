using System.Numerics;
using System.Runtime.InteropServices;
using MathNet.Numerics.Distributions;
using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class GaussianNoiseTests
{
    private const int Samples = 400;
    private const int Frames = 2000;

    [Fact]
    public void AddTo_has_the_moments_of_the_normal_distribution()
    {
        var values = Noise(seed: 1, deviation: 2).SelectMany(frame => frame).Select(x => x / 2.0).ToArray();

        // Five standard errors of each moment at 800,000 numbers.
        var error = 5 / Math.Sqrt(values.Length);
        Assert.Equal(0, values.Average(), error);
        Assert.Equal(1, values.Average(x => x * x), error * Math.Sqrt(2));
        Assert.Equal(0, values.Average(x => x * x * x), error * Math.Sqrt(15));
        Assert.Equal(3, values.Average(x => x * x * x * x), error * Math.Sqrt(96));
    }

    [Fact]
    public void AddTo_is_normal_by_the_test_of_Kolmogorov_and_Smirnov()
    {
        var values = Noise(seed: 2).SelectMany(frame => frame).Select(x => (double)x).Order().ToArray();

        var distance = values.Select((x, i) => Math.Abs(Normal.CDF(0, 1, x) - ((i + 0.5) / values.Length))).Max() + (0.5 / values.Length);

        // Larger in one run of 10,000, if the distribution is right.
        Assert.InRange(distance * Math.Sqrt(values.Length), 0, 2.23);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void AddTo_has_the_tails_of_the_normal_distribution(double bound)
    {
        var values = Noise(seed: 3).SelectMany(frame => frame).ToArray();

        var expected = 2 * Normal.CDF(0, 1, -bound) * values.Length;
        var (above, below) = (values.Count(x => x > bound), values.Count(x => x < -bound));

        Assert.Equal(expected, above + below, 5 * Math.Sqrt(expected));
        Assert.Equal(0, above - below, 5 * Math.Sqrt(expected));
        Assert.All(values, x => Assert.InRange(Math.Abs(x), 0, 6.67));
    }

    [Fact]
    public void AddTo_is_independent_from_sample_to_sample_and_from_frame_to_frame()
    {
        var noise = Noise(seed: 4);

        var error = 5 / Math.Sqrt(Samples * Frames);
        for (var lag = 1; lag <= 16; lag++)
        {
            Assert.Equal(0, Correlation(noise.Select(frame => (frame[..^lag], frame[lag..]))), error);
            Assert.Equal(0, Correlation(noise[..^lag].Zip(noise[lag..])), error);
            {
                var squares = noise[..^lag].Zip(noise[lag..]).Select(pair => (Squares(pair.First), Squares(pair.Second)));
                Assert.Equal(0, Correlation(squares), 2 * error);
            }
        }
    }

    [Fact]
    public void AddTo_gives_a_frame_its_noise_in_whatever_lane_it_stands()
    {
        var first = Block(new GaussianNoise(5), frame: 0);
        var later = Block(new GaussianNoise(5), frame: 2);

        Assert.Equal(first[2], later[0]);
        Assert.Equal(first[3], later[1]);
        Assert.NotEqual(first[0], first[1]);
    }

    [Fact]
    public void AddTo_repeats_itself_by_seed_and_adds_to_what_is_there()
    {
        var samples = new Vector<float>[401];
        samples.AsSpan().Fill(new Vector<float>(1000));
        var noise = new GaussianNoise(6);

        noise.Start(0);
        noise.AddTo(samples, 1);

        var again = Block(new GaussianNoise(6), frame: 0);
        Assert.All(Enumerable.Range(0, Samples), i => Assert.Equal(1000 + again[0][i], samples[i][0], 1e-4));
        Assert.NotEqual(again[0], Block(new GaussianNoise(7), frame: 0)[0]);
        Assert.NotEqual(1000, samples[400][0]);
    }

    private static float[][] Noise(ulong seed, float deviation = 1)
    {
        var noise = new GaussianNoise(seed);
        return [.. Enumerable.Range(0, Frames / Vector<float>.Count)
            .SelectMany(block => Block(noise, block * Vector<float>.Count, deviation))];
    }

    private static float[][] Block(GaussianNoise noise, int frame, float deviation = 1)
    {
        var samples = new Vector<float>[Samples];
        noise.Start(frame);
        noise.AddTo(samples, deviation);
        var flat = MemoryMarshal.Cast<Vector<float>, float>(samples).ToArray();
        return [.. Enumerable.Range(0, Vector<float>.Count).Select(lane =>
            Enumerable.Range(0, Samples).Select(i => flat[(i * Vector<float>.Count) + lane]).ToArray())];
    }

    private static double Correlation(IEnumerable<(float[] A, float[] B)> pairs)
    {
        var (sum, count) = (0.0, 0);
        foreach (var (a, b) in pairs)
        {
            for (var i = 0; i < a.Length; i++)
                sum += a[i] * b[i];
            count += a.Length;
        }

        return sum / count;
    }

    private static float[] Squares(float[] values) => [.. values.Select(x => (x * x) - 1)];
}
