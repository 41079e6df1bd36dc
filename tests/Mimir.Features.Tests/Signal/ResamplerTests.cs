using Mimir.Base;
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

    [Theory]
    [InlineData(22050, 16000, 300, false)]
    [InlineData(22050, 16000, 6000, false)]
    [InlineData(23600, 16000, 3000, true)]
    [InlineData(20500, 8000, 3000, false)]
    [InlineData(8000, 16000, 2500, true)]
    public void Apply_with_a_wide_filter_keeps_a_tone_in_time_and_size(int from, int to, double frequency, bool padded)
    {
        var output = Wide(from, to, (float)(0.48 * Math.Min(from, to)), padded).Apply(Tone(from, frequency, from / 2));

        var want = Tone(to, frequency, output.Length);
        Assert.InRange(output.Length, (to / 2) - 1, (to / 2) + 1);
        for (var i = 200; i < output.Length - 200; i++)
            Assert.Equal(want[i], output[i], 0.005f);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_removes_what_the_new_rate_cannot_hold(bool padded)
    {
        var output = Wide(22050, 16000, 0.48f * 16000, padded).Apply(Tone(22050, 9500, 22050));

        Assert.InRange(Math.Sqrt(output[200..^200].Average(sample => (double)sample * sample)), 0, 0.005);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_equals_the_plain_sum_over_all_samples(bool padded)
    {
        var input = new float[400];
        SeededRandom.For(1).FillNormal(input);
        const double Cutoff = 7000;
        const double Reach = 16 / (2 * Cutoff);

        var output = Wide(22050, 16000, (float)Cutoff, padded).Apply(input);

        for (var i = 0; i < output.Length; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < input.Length; j++)
            {
                var time = (j / 22050.0) - (i / 16000.0);
                if (Math.Abs(time) < Reach)
                {
                    var x = 2 * Math.PI * Cutoff * time;
                    var sinc = x == 0 ? 1 : Math.Sin(x) / x;
                    sum += input[j] * 2 * Cutoff * sinc * 0.5 * (1 + Math.Cos(Math.PI * time / Reach)) / 22050;
                }
            }

            Assert.Equal(sum, output[i], 1e-4);
        }
    }

    private static Resampler Wide(int from, int to, float cutoff, bool padded) => new(from, to, cutoff, 16, padded);

    private static float[] Tone(int rate, double frequency, int length) =>
        [.. Enumerable.Range(0, length).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))];
}
