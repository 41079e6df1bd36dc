using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Extraction;

/// <summary>The fast extractors against the plain ones.</summary>
public sealed class PlainFeaturesTests
{
    private static readonly FrameOptions Frame = new() { Dither = 0 };

    public static TheoryData<FeatureOptions> Options => new()
    {
        new FbankOptions { Frame = Frame },
        new FbankOptions { Frame = Frame with { SampleFrequency = 8000 }, Mel = new() { NumMelBins = 40, LowFreq = 64, HighFreq = -200 } },
        new FbankOptions { Frame = Frame with { RoundToPowerOfTwo = false, WindowType = WindowType.Hamming }, UseEnergy = true },
        new FbankOptions { Frame = Frame with { SampleFrequency = 44100, RoundToPowerOfTwo = false }, UsePower = false },
        new FbankOptions { Frame = Frame with { SnipEdges = false, RemoveDcOffset = false }, UseEnergy = true, HtkCompat = true },
        new FbankOptions
        {
            Frame = Frame with { FrameShift = 0.1f, FrameLength = 3, WindowType = WindowType.Sine },
            Mel = new() { NumMelBins = 5 },
        },
        new MfccOptions { Frame = Frame },
        new MfccOptions
        {
            Frame = Frame with { WindowType = WindowType.Blackman },
            RawEnergy = false,
            HtkCompat = true,
            SubtractMean = true,
        },
        new MfccOptions
        {
            Frame = Frame,
            UseEnergy = false,
            HtkCompat = true,
            NumCeps = 40,
            Mel = new() { NumMelBins = 40 },
            CepstralLifter = 0,
        },
        new MfccOptions { Frame = Frame with { PreemphasisCoefficient = 0, WindowType = WindowType.Rectangular }, EnergyFloor = 1e11f },
        new PlpOptions { Frame = Frame },
        new PlpOptions
        {
            Frame = Frame with { SampleFrequency = 8000 },
            UseEnergy = false,
            HtkCompat = true,
            CepstralScale = 10,
            Mel = new() { NumMelBins = 15 },
        },
        new PlpOptions { Frame = Frame, LpcOrder = 8, NumCeps = 6, CompressFactor = 0.5f, CepstralLifter = 0, RawEnergy = false },
        new SpectrogramOptions { Frame = Frame },
        new SpectrogramOptions { Frame = Frame with { SnipEdges = false, WindowType = WindowType.Hanning }, RawEnergy = false },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Compute_agrees_with_the_plain_definition(FeatureOptions options)
    {
        var wave = Noise(3001);

        var features = options.CreateExtractor().Compute(wave);

        var plain = PlainFeatures.Of(options, wave);
        Assert.Equal(plain.Length, features.Rows);
        for (var t = 0; t < features.Rows; t++)
        {
            Assert.Equal(plain[t].Length, features.Columns);
            for (var d = 0; d < features.Columns; d++)
                Assert.Equal(plain[t][d], features[t, d], 1e-3 + (1e-5 * Math.Abs(plain[t][d])));
        }
    }

    [Fact]
    public void Compute_gives_a_frame_the_same_bytes_wherever_it_stands()
    {
        var extractor = new FbankExtractor(new FbankOptions { Frame = Frame });
        var wave = Noise(5000);

        var whole = extractor.Compute(wave);
        var later = extractor.Compute(wave.AsSpan(160 * 5));

        for (var t = 0; t < later.Rows; t++)
            Assert.Equal(whole.Row(t + 5).ToArray(), later.Row(t).ToArray());
    }

    [Fact]
    public void Compute_of_digital_silence_is_finite()
    {
        var features = new PlpExtractor(new PlpOptions { Frame = Frame }).Compute(new float[800]);

        Assert.Equal(MathF.Log(1.1920929e-7f), features[0, 0], 1e-5f);
        Assert.All(features.Row(2)[1..].ToArray(), value => Assert.Equal(0, value, 1e-3f));
    }

    [Fact]
    public void Compute_of_a_wave_shorter_than_a_frame_has_no_rows()
    {
        var features = new MfccExtractor(new MfccOptions()).Compute(Noise(399));

        Assert.Equal((0, 13), (features.Rows, features.Columns));
    }

    [Fact]
    public void Compute_of_a_wave_much_shorter_than_a_frame_reflects_it_many_times()
    {
        var options = new FbankOptions { Frame = Frame with { SnipEdges = false } };
        var wave = Noise(90);

        var features = options.CreateExtractor().Compute(wave);

        var plain = PlainFeatures.Of(options, wave);
        Assert.Equal(1, features.Rows);
        Assert.All(Enumerable.Range(0, 23), d => Assert.Equal(plain[0][d], features[0, d], 1e-3));
    }

    [Fact]
    public void Compute_of_a_sample_that_is_no_number_throws()
    {
        var wave = Noise(1000);
        wave[500] = float.NaN;

        var error = Assert.Throws<InputException>(() => new FbankExtractor(new FbankOptions()).Compute(wave));

        Assert.Contains("not a finite number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_with_dither_adds_noise_of_the_given_deviation()
    {
        var options = new SpectrogramOptions { Frame = new FrameOptions { Dither = 3, RemoveDcOffset = false } };

        var features = options.CreateExtractor().Compute(new float[16000 * 4], ditherSeed: 7);

        var energies = Enumerable.Range(0, features.Rows).Select(t => Math.Exp(features[t, 0]) / 400);
        Assert.Equal(9, energies.Average(), 0.3);
    }

    [Fact]
    public void Compute_with_a_warp_of_1_equals_none_and_another_warp_differs()
    {
        var extractor = new FbankExtractor(new FbankOptions { Frame = Frame });
        var wave = Noise(2000);

        Assert.Equal(extractor.Compute(wave).Data, extractor.Compute(wave, 1f).Data);
        Assert.NotEqual(extractor.Compute(wave).Data, extractor.Compute(wave, 0.9f).Data);
    }

    internal static float[] Noise(int length) =>
        [.. Enumerable.Range(0, length).Select(i => MathF.Round((float)((3000 * Math.Sin(i * 0.05)) + (4000 * Math.Sin(i * i * 0.37)))))];
}
