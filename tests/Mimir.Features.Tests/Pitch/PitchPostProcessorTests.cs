using Mimir.Base;
using Mimir.Features.Pitch;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Tests.Pitch;

public sealed class PitchPostProcessorTests
{
    [Fact]
    public void Process_normalises_by_the_mean_weighted_with_voicing()
    {
        var pitch = Pitch((0.9f, 100), (0.1f, 200), (-0.8f, 150));

        var features = new PitchPostProcessor(new PitchPostOptions { AddDeltaPitch = false, AddRawLogPitch = true }).Process(pitch);

        var weights = Enumerable.Range(0, 3).Select(t => (double)Voicing.Probability(pitch[t, 0])).ToArray();
        var mean = Enumerable.Range(0, 3).Sum(t => weights[t] * Math.Log(pitch[t, 1])) / weights.Sum();
        for (var t = 0; t < 3; t++)
        {
            Assert.Equal(2 * (Math.Pow(1.0001 - pitch[t, 0], 0.15) - 1), features[t, 0], 1e-6);
            Assert.Equal(2 * (Math.Log(pitch[t, 1]) - mean), features[t, 1], 1e-5);
            Assert.Equal(Math.Log(pitch[t, 1]), features[t, 2], 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 5)]
    [InlineData(100, 1)]
    public void Process_moves_its_window_over_the_frames(int left, int right)
    {
        var noise = PitchWaves.Noise(80, 1, 3);
        var pitch = Pitch([.. Enumerable.Range(0, 40).Select(t => (noise[t], 150 + (50 * noise[40 + t])))]);
        var options = new PitchPostOptions
        {
            AddDeltaPitch = false,
            AddPovFeature = false,
            NormalizationLeftContext = left,
            NormalizationRightContext = right,
        };

        var features = new PitchPostProcessor(options).Process(pitch);

        for (var t = 0; t < 40; t++)
        {
            var window = Enumerable.Range(0, 40).Where(u => u >= t - left && u <= t + right).ToArray();
            var mean = window.Sum(u => Voicing.Probability(pitch[u, 0]) * Math.Log(pitch[u, 1]))
                / window.Sum(u => (double)Voicing.Probability(pitch[u, 0]));
            Assert.Equal(2 * (Math.Log(pitch[t, 1]) - mean), features[t, 0], 1e-5);
        }
    }

    [Fact]
    public void Process_adds_noise_to_the_derivative_by_its_seed()
    {
        var pitch = Pitch([.. Enumerable.Repeat((0.5f, 100f), 2000)]);
        var processor = new PitchPostProcessor(new PitchPostOptions { AddPovFeature = false, AddNormalizedLogPitch = false });

        var (first, again, other) = (processor.Process(pitch, 1), processor.Process(pitch, 1), processor.Process(pitch, 2));

        Assert.Equal(first.Data, again.Data);
        Assert.NotEqual(first.Data, other.Data);
        Assert.Equal(0.05, Math.Sqrt(first.Data.Average(x => (double)x * x)), 0.005);
    }

    [Fact]
    public void Process_repeats_the_first_frame_for_its_delay()
    {
        var pitch = Pitch((0.9f, 100), (0.1f, 200));
        var options = new PitchPostOptions { DeltaPitchNoiseStddev = 0 };

        var plain = new PitchPostProcessor(options).Process(pitch);
        var late = new PitchPostProcessor(options with { Delay = 2 }).Process(pitch);

        Assert.Equal([.. plain.Row(0), .. plain.Row(0), .. plain.Data], late.Data);
    }

    [Fact]
    public void Process_of_no_frames_gives_none() =>
        Assert.Equal(0, new PitchPostProcessor(new PitchPostOptions { Delay = 3 }).Process(new FloatMatrix(0, 0)).Rows);

    [Fact]
    public void Process_refuses_what_is_no_pitch()
    {
        var processor = new PitchPostProcessor(new PitchPostOptions());

        var columns = Assert.Throws<InputException>(() => processor.Process(new FloatMatrix(2, 3)));
        var zero = Assert.Throws<InputException>(() => processor.Process(Pitch((0.5f, 100), (0.5f, 0))));

        Assert.Contains("got 3", columns.Message, StringComparison.Ordinal);
        Assert.Contains("frame 1: expected a pitch above 0 Hz", zero.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_refuses_no_feature_at_all() => Assert.Throws<InputException>(() => new PitchPostProcessor(
        new PitchPostOptions { AddPovFeature = false, AddNormalizedLogPitch = false, AddDeltaPitch = false }));

    private static FloatMatrix Pitch(params (float Correlation, float Pitch)[] frames) =>
        new(frames.Length, 2, [.. frames.SelectMany(frame => new[] { frame.Correlation, frame.Pitch })]);
}
