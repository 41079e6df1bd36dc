using Mimir.Features.Augmentation;
using Xunit.Abstractions;

namespace Mimir.Features.Tests.Augmentation;

public sealed class BlockConvolverTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1000)]
    [InlineData(7, 3)]
    [InlineData(128, 129)]
    [InlineData(129, 5000)]
    [InlineData(2000, 40000)]
    [InlineData(3000, 100)]
    public void Apply_equals_the_direct_sum(int filterLength, int waveLength)
    {
        var filter = Waves.Noise(filterLength, 1, 0.1f);
        var wave = Waves.Noise(waveLength, 2, 1000);

        var fast = new BlockConvolver(filter).Apply(wave);

        var plain = BlockConvolver.Plain(filter, wave);
        Assert.Equal(plain.Length, fast.Length);
        var scale = plain.Max(MathF.Abs);
        var worst = plain.Zip(fast, (a, b) => Math.Abs(a - b)).Max() / scale;
        output.WriteLine($"{filterLength} x {waveLength}: largest difference {worst:0.0e0} of the largest value");
        Assert.InRange(worst, 0, 4e-6);
    }

    [Fact]
    public void Apply_of_nothing_is_nothing() => Assert.Empty(new BlockConvolver([1, 2]).Apply([]));
}
