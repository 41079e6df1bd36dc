using Mimir.Core.Randomness;
using SplitMix64 = Mimir.Base.SplitMix64;

namespace Mimir.Core.Tests.Randomness;

public sealed class Xoshiro256Tests
{
    [Fact]
    public void Next_of_SplitMix64_is_the_published_sequence()
    {
        ulong state = 1234567;

        ulong[] sequence = [SplitMix64.Next(ref state), SplitMix64.Next(ref state), SplitMix64.Next(ref state)];

        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], sequence);
    }

    [Fact]
    public void Next_of_the_state_1_2_3_4_is_the_published_sequence()
    {
        var bits = new Base.Xoshiro256(1, 2, 3, 4);

        ulong[] sequence = [bits.Next(), bits.Next(), bits.Next(), bits.Next()];

        Assert.Equal([11520UL, 0UL, 1509978240UL, 1215971899390074240UL], sequence);
    }

    [Fact]
    public void NextBits_of_a_seed_is_fixed_for_ever()
    {
        var random = new Xoshiro256(1);

        ulong[] bits = [random.NextBits(), random.NextBits(), random.NextBits()];

        Assert.Equal([12966619160104079557UL, 9600361134598540522UL, 10590380919521690900UL], bits);
    }

    [Fact]
    public void Numbers_have_the_moments_of_their_distributions()
    {
        var random = new Xoshiro256(1);
        double[] uniform = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextUniform())];
        double[] normal = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextNormal())];

        Assert.All(uniform, u => Assert.InRange(u, 0, 0.9999999999999999));
        Assert.Equal(0.5, uniform.Average(), 0.005);
        Assert.Equal(0, normal.Average(), 0.01);
        Assert.Equal(1, normal.Average(x => x * x), 0.02);
        Assert.Equal(3, normal.Average(x => x * x * x * x), 0.15);
    }
}
