using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Features.Pitch;

namespace Mimir.Features.Tests.Pitch;

public sealed class PitchAppenderTests
{
    private static readonly float[] Wave = PitchWaves.Glide(16000, 0.5, 100, 200);

    [Fact]
    public void Compute_puts_pitch_behind_the_features()
    {
        var mfcc = new MfccOptions().CreateExtractor();

        var both = new PitchAppender(mfcc, new PitchFeatureOptions()).Compute(Wave, ditherSeed: 5);

        var (front, behind) = (mfcc.Compute(Wave, ditherSeed: 5), new PitchFeatureExtractor(new()).Compute(Wave, 5));
        Assert.Equal((48, 16), (both.Rows, both.Columns));
        for (var t = 0; t < 48; t++)
            Assert.Equal([.. front.Row(t), .. behind.Row(t)], both.Row(t).ToArray());
    }

    [Fact]
    public void Compute_leaves_off_up_to_two_frames()
    {
        var pitch = new PitchFeatureOptions { Tracking = new() { SnipEdges = false } };

        var both = new PitchAppender(new MfccOptions().CreateExtractor(), pitch).Compute(Wave);

        Assert.Equal(48, both.Rows);
    }

    [Fact]
    public void Compute_refuses_other_lengths()
    {
        var pitch = new PitchFeatureOptions { Tracking = new() { FrameShift = 5 } };
        var appender = new PitchAppender(new MfccOptions().CreateExtractor(), pitch);

        var failure = Assert.Throws<InputException>(() => appender.Compute(Wave));

        Assert.Contains("mfcc has 48 frames and pitch 96", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_refuses_another_rate() => Assert.Throws<InputException>(() => new PitchAppender(
        new MfccOptions().CreateExtractor(), new PitchFeatureOptions { Tracking = new() { SampleFrequency = 8000 } }));
}
