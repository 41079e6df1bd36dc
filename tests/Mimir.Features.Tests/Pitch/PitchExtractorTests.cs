using Mimir.Base;
using Mimir.Features.Pitch;

namespace Mimir.Features.Tests.Pitch;

public sealed class PitchExtractorTests
{
    [Theory]
    [InlineData(16000, 100, 200)]
    [InlineData(8000, 320, 130)]
    [InlineData(44100, 90, 110)]
    public void Compute_follows_a_glide_to_1_percent(int rate, double from, double to)
    {
        var wave = PitchWaves.Glide(rate, 1, from, to);

        var pitch = new PitchExtractor(new PitchOptions { SampleFrequency = rate }).Compute(wave);

        Assert.Equal(98, pitch.Rows);
        for (var t = 5; t < pitch.Rows - 5; t++)
        {
            // A frame and the same a period later: its pitch is that of the middle of both.
            var middle = (t * 0.01) + 0.0125 + (0.5 / PitchWaves.PitchAt(t * 0.01, from, to));
            Assert.Equal(PitchWaves.PitchAt(middle, from, to), pitch[t, 1], 0.01 * pitch[t, 1]);
            Assert.True(pitch[t, 0] > 0.9);
        }
    }

    [Theory]
    [InlineData("min-f0=60")]
    [InlineData("penalty-factor=0.3", "delta-pitch=0.01", "nccf-ballast=500")]
    [InlineData("resample-frequency=3000", "lowpass-cutoff=800", "lowpass-filter-width=3", "upsample-filter-width=4")]
    public void Compute_agrees_with_the_plain_reference(params string[] options)
    {
        var parsed = options.Prepend("sample-frequency=8000").Select(o => o.Split('='))
            .Aggregate(new PitchFeatureOptions(), (o, pair) => o.With(pair[0], pair[1])).Tracking;
        var wave = PitchWaves.Glide(8000, 0.2, 220, 170).Concat(PitchWaves.Noise(600, 300, 7))
            .Concat(PitchWaves.Glide(8000, 0.1, 110, 115, 800)).ToArray();

        var got = new PitchExtractor(parsed).Compute(wave);

        var want = PlainPitch.Track(parsed, wave);
        Assert.Equal(want.Length, got.Rows);
        for (var t = 0; t < want.Length; t++)
        {
            // Single precision may choose a neighbouring lag where both cost the same.
            Assert.Equal(want[t].Pitch, got[t, 1], 2.1 * parsed.DeltaPitch * want[t].Pitch);
            Assert.Equal(want[t].Correlation, got[t, 0], want[t].Correlation > 0.9 ? 0.02 : 0.15);
        }

        Assert.True(want.Where((frame, t) => Math.Abs(frame.Pitch - got[t, 1]) < 1e-4 * frame.Pitch).Count() > 0.9 * want.Length);
    }

    [Fact]
    public void Compute_of_silence_gives_no_correlation()
    {
        var pitch = new PitchExtractor(new PitchOptions()).Compute(new float[16000]);

        Assert.Equal(98, pitch.Rows);
        Assert.All(Enumerable.Range(0, 98), t => Assert.Equal(0, pitch[t, 0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(396)]
    public void Compute_of_a_short_wave_gives_no_frame(int samples) =>
        Assert.Equal(0, new PitchExtractor(new PitchOptions()).Compute(new float[samples]).Rows);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e20f)]
    public void Compute_refuses_samples_that_are_no_audio(float sample)
    {
        var wave = PitchWaves.Glide(16000, 0.3, 100, 200);
        wave[2000] = sample;

        var failure = Assert.Throws<InputException>(() => new PitchExtractor(new PitchOptions()).Compute(wave));

        Assert.Contains("NaN or too large", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_in_chunks_differs_only_through_its_ballast()
    {
        var wave = PitchWaves.Glide(16000, 1, 100, 200);
        var options = new PitchOptions { NccfBallast = 0 };

        var whole = new PitchExtractor(options).Compute(wave);
        var chunks = new PitchExtractor(options with { FramesPerChunk = 3 }).Compute(wave);

        Assert.Equal(whole.Data, chunks.Data);
    }

    [Fact]
    public void Compute_without_snip_edges_gives_a_frame_for_each_shift()
    {
        var wave = PitchWaves.Glide(16000, 0.5, 100, 200);

        var pitch = new PitchExtractor(new PitchOptions { SnipEdges = false, FramesPerChunk = 1 }).Compute(wave);

        Assert.Equal(50, pitch.Rows);
    }

    [Fact]
    public void Compute_on_many_threads_gives_the_same()
    {
        var extractor = new PitchExtractor(new PitchOptions());
        var waves = Enumerable.Range(0, 12).Select(i => PitchWaves.Glide(16000, 0.2 + (0.05 * i), 100, 200)).ToArray();
        var alone = waves.Select(wave => new PitchExtractor(new PitchOptions()).Compute(wave).Data).ToArray();

        var together = waves.AsParallel().AsOrdered().Select(wave => extractor.Compute(wave).Data).ToArray();

        Assert.Equal(alone, together);
    }

    [Theory]
    [InlineData("sample-frequency=8000.5", "whole hertz")]
    [InlineData("resample-frequency=0", "resample-frequency")]
    [InlineData("lowpass-cutoff=2500", "lowpass-cutoff")]
    [InlineData("min-f0=0", "min-f0")]
    [InlineData("max-f0=40", "max-f0")]
    [InlineData("max-f0=4000", "upsample-filter-width")]
    [InlineData("delta-pitch=0", "delta-pitch")]
    [InlineData("delta-pitch=0.00001", "fewer than 65536 lags")]
    [InlineData("penalty-factor=-1", "penalty-factor")]
    [InlineData("frame-shift=0", "frame-shift")]
    [InlineData("frame-length=1e9", "frame-length")]
    [InlineData("upsample-filter-width=0", "upsample-filter-width")]
    [InlineData("simulate-first-pass-online=true", "frames-per-chunk")]
    [InlineData("frames-per-chunk=-1", "frames-per-chunk")]
    public void Validate_names_the_option(string option, string expected)
    {
        var failure = Assert.Throws<InputException>(
            () => new PitchExtractor(new PitchFeatureOptions().With(option.Split('=')[0], option.Split('=')[1]).Tracking));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }
}
