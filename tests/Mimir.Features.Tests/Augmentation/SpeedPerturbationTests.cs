using Mimir.Base;
using Mimir.Features.Augmentation;
using Mimir.Features.Signal;
using Xunit.Abstractions;

namespace Mimir.Features.Tests.Augmentation;

public sealed class SpeedPerturbationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(1.1)]
    [InlineData(0.935)]
    public void Apply_raises_the_pitch_by_the_factor_and_adds_no_image(double factor)
    {
        var wave = Waves.Tone(1000, 32000);

        var faster = new SpeedPerturbation(factor).Apply(wave);

        var middle = faster.AsSpan(1000, faster.Length - 2000).ToArray();
        var tone = Waves.Tone(1000 * factor, faster.Length);
        var amplitude = Waves.Amplitude(middle, 1000 * factor);
        var rest = middle.Select((sample, i) => sample - tone[i + 1000]).ToArray();
        var worst = 10 * Math.Log10(Waves.Power(rest) / Waves.Power(middle));
        output.WriteLine($"factor {factor}: amplitude {amplitude:0.000} of 8000, everything else {worst:0.0} dB");
        Assert.Equal((int)Math.Ceiling(32000 / factor), faster.Length);
        Assert.Equal(8000, amplitude, 8000 * 0.001);
        Assert.InRange(worst, -200, -60);
    }

    [Fact]
    public void Apply_lets_no_image_of_a_high_tone_fold_back()
    {
        // Played at 1.1, 7,800 Hz lies at 8,580 Hz, beyond what the rate carries; without a filter it comes back at 7,420 Hz.
        var faster = new SpeedPerturbation(1.1).Apply(Waves.Tone(7800, 32000));

        var image = 20 * Math.Log10(Waves.Amplitude(faster.AsSpan(1000, faster.Length - 2000), 16000 - 8580) / 8000);
        output.WriteLine($"image {image:0.0} dB");
        Assert.InRange(image, -300, -60);
    }

    [Fact]
    public void Apply_of_factor_1_copies()
    {
        var wave = Waves.Noise(500, 1);

        Assert.Equal(wave, new SpeedPerturbation(1).Apply(wave));
        Assert.Throws<InputException>(() => new SpeedPerturbation(0.1));
        Assert.Throws<InputException>(() => new SpeedPerturbation(double.NaN));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Map_shows_the_frame_whose_centre_is_nearest(bool snipEdges)
    {
        var options = new FrameOptions { SnipEdges = snipEdges };
        var frames = options.FrameCount((int)Math.Ceiling(16000 / 0.9));
        var originals = options.FrameCount(16000);

        var map = SpeedAlignment.Map(frames, originals, 0.9, options);

        Assert.Equal(frames, map.Length);
        Assert.Equal(0, map[0]);
        Assert.Equal(originals - 1, map[^1]);
        for (var t = 0; t < frames; t++)
        {
            var centre = options.FirstSample(t) + (options.WindowSize / 2.0);
            var shown = options.FirstSample(map[t]) + (options.WindowSize / 2.0);
            Assert.InRange(Math.Abs((0.9 * centre) - shown), 0, (options.WindowShift / 2.0) + (t == 0 || t == frames - 1 ? 160 : 0));
        }

        Assert.Equal(Enumerable.Range(0, originals), SpeedAlignment.Map(originals, originals, 1, options));
    }
}
