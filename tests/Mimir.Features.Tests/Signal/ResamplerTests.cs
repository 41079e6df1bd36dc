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

    [Theory]
    [InlineData(16000, 4000)]
    [InlineData(44100, 4000)]
    [InlineData(8000, 16000)]
    public void CertainLength_is_what_a_longer_wave_does_not_change(int from, int to)
    {
        var wave = Enumerable.Range(0, 3000).Select(i => (float)Math.Sin(i * i * 0.001)).ToArray();
        var resampler = new Resampler(from, to, 1000, 2);

        var (whole, part) = (resampler.Apply(wave), resampler.Apply(wave.AsSpan(0, 2001)));

        var certain = resampler.CertainLength(2001);
        Assert.True(certain > 0 && certain < part.Length);
        for (var i = 0; i < certain; i++)
            Assert.Equal(whole[i], part[i], 1e-5);
        Assert.NotEqual(whole[certain + 1], part[certain + 1]);
    }
}
