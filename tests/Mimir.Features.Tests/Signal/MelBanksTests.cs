using Mimir.Base;
using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class MelBanksTests
{
    [Fact]
    public void Filters_are_triangles_on_the_mel_scale_without_the_Nyquist_bin()
    {
        var frame = new FrameOptions();
        var banks = new MelBanks(new MelOptions { NumMelBins = 23 }, frame);
        var (low, high) = (Mel(20), Mel(8000));
        var step = (high - low) / 24;

        for (var filter = 0; filter < banks.Count; filter++)
        {
            var (first, weights) = banks.Filter(filter);
            Assert.True(first + weights.Length <= 256);
            for (var k = 0; k < 256; k++)
            {
                var plain = Math.Max(0, 1 - Math.Abs(((Mel(k * 31.25) - low) / step) - (filter + 1)));
                var weight = k >= first && k < first + weights.Length ? weights.Span[k - first] : 0;
                Assert.Equal(plain, weight, 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(500, 500 / 0.9)]
    [InlineData(7500, 7800)]
    [InlineData(8000, 8000)]
    public void Warp_has_the_slope_of_1_over_the_factor_in_the_middle_and_keeps_the_ends(double hertz, double warped)
    {
        var warp = new VtlnWarp(low: 20, high: 8000, vtlnLow: 100, vtlnHigh: 7500, factor: 0.9f);

        Assert.Equal(warped, warp.Hertz((float)hertz), 0.1);
    }

    [Fact]
    public void HtkMode_floors_energies_and_drops_the_first_weight()
    {
        var banks = new MelBanks(new MelOptions { HtkMode = true }, new FrameOptions());
        var energies = new System.Numerics.Vector<float>[23];

        banks.Apply(new System.Numerics.Vector<float>[257], energies);

        Assert.Equal(0, banks.Filter(0).Weights.Span[0]);
        Assert.All(energies, e => Assert.Equal(1, e[0]));
    }

    [Theory]
    [InlineData(2, 20, 0, "num-mel-bins: expected 3 or more, got 2")]
    [InlineData(23, -1, 0, "low-freq -1")]
    [InlineData(23, 20, 9000, "expected 0 <= low < high <= 8000 Hz")]
    [InlineData(23, 5000, 4000, "expected 0 <= low < high")]
    [InlineData(300, 20, 0, "300 is too many")]
    public void Constructor_refuses_frequencies_that_do_not_fit(int bins, float low, float high, string message)
    {
        var options = new MelOptions { NumMelBins = bins, LowFreq = low, HighFreq = high };

        var error = Assert.Throws<InputException>(() => new MelBanks(options, new FrameOptions()));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, -500, 0.9f)]
    [InlineData(100, 9000, 0.9f)]
    [InlineData(100, -500, 0f)]
    public void Constructor_refuses_a_warp_that_does_not_fit(float vtlnLow, float vtlnHigh, float factor)
    {
        var options = new MelOptions { VtlnLow = vtlnLow, VtlnHigh = vtlnHigh };

        var error = Assert.Throws<InputException>(() => new MelBanks(options, new FrameOptions(), factor));

        Assert.Contains("vtln-", error.Message, StringComparison.Ordinal);
    }

    private static double Mel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));
}
