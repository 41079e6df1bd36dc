using System.Numerics;
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

        for (var k = 0; k < 256; k++)
        {
            var weights = Energies(banks, bin: k, power: 1);
            for (var filter = 0; filter < banks.Count; filter++)
            {
                var plain = Math.Max(0, 1 - Math.Abs(((Mel(k * 31.25) - low) / step) - (filter + 1)));
                Assert.Equal(plain, weights[filter], 1e-4);
            }
        }

        Assert.All(Energies(banks, bin: 256, power: 1), weight => Assert.Equal(0, weight));
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
        var plain = new MelBanks(new MelOptions(), new FrameOptions());

        Assert.All(Energies(banks, bin: 0, power: 0), energy => Assert.Equal(1, energy));
        Assert.Equal(1, Energies(banks, bin: 1, power: 1e6f)[0]);
        Assert.True(Energies(plain, bin: 1, power: 1e6f)[0] > 1);
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

    // The energies of a spectrum with one bin that is not 0.
    private static float[] Energies(MelBanks banks, int bin, float power)
    {
        var (spectrum, energies) = (new Vector<float>[257], new Vector<float>[banks.Count]);
        spectrum[bin] = new Vector<float>(power);
        banks.Apply<float>(spectrum, energies);
        return Array.ConvertAll(energies, energy => energy[0]);
    }

    private static double Mel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));
}
