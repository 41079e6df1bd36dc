using Mimir.Base;
using Mimir.Corpus.Sound;

namespace Mimir.Corpus.Tests.Sound;

public class ResamplerTests
{
    [Theory]
    [InlineData(22050, 16000, 300)]
    [InlineData(22050, 16000, 6000)]
    [InlineData(23600, 16000, 3000)]
    [InlineData(20500, 8000, 3000)]
    [InlineData(8000, 16000, 2500)]
    public void Process_keeps_a_tone_in_time_and_size(int from, int to, double frequency)
    {
        var input = Tone(from, frequency, from / 2);

        var output = new Resampler(from, to, 0.48 * Math.Min(from, to)).Process(input);

        var want = Tone(to, frequency, output.Length);
        Assert.InRange(output.Length, (to / 2) - 1, (to / 2) + 1);
        for (var i = 200; i < output.Length - 200; i++)
            Assert.Equal(want[i], output[i], 0.005f);
    }

    [Fact]
    public void Process_removes_what_the_new_rate_cannot_hold()
    {
        var input = Tone(22050, 9500, 22050);

        var output = new Resampler(22050, 16000, 0.48 * 16000).Process(input);

        Assert.InRange(Level.RootMeanSquare(output.AsSpan()[200..^200]), 0, 0.005);
    }

    [Fact]
    public void Process_equals_the_plain_sum_over_all_samples()
    {
        var input = new float[400];
        RandomStream.For(1).FillNormal(input);
        const double Cutoff = 7000;
        const double Reach = 16 / (2 * Cutoff);

        var output = new Resampler(22050, 16000, Cutoff).Process(input);

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

    private static float[] Tone(int rate, double frequency, int length) =>
        [.. Enumerable.Range(0, length).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))];
}
