using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(16000, 8000)]
    [InlineData(8000, 16000)]
    [InlineData(44100, 16000)]
    public void Apply_keeps_a_tone_that_both_rates_can_carry(int from, int to)
    {
        var wave = Enumerable.Range(0, from / 10).Select(i => (float)Math.Sin(2 * Math.PI * 440 * i / from)).ToArray();

        var resampled = new Resampler(from, to).Apply(wave);

        Assert.Equal((int)Math.Ceiling(wave.Length * (double)to / from), resampled.Length);
        for (var i = 100; i < resampled.Length - 100; i++)
            Assert.Equal(Math.Sin(2 * Math.PI * 440 * i / to), resampled[i], 0.01);
    }
}
