using Mimir.Corpus.Sound;

namespace Mimir.Corpus.Tests.Sound;

public class BandPassTests
{
    [Theory]
    [InlineData(16000, 50, -40, -200)]
    [InlineData(16000, 150, -25, -200)]
    [InlineData(16000, 300, -5, -7)]
    [InlineData(16000, 500, 0.1, -0.1)]
    [InlineData(16000, 1000, 0.1, -0.1)]
    [InlineData(16000, 3200, 0.1, -0.2)]
    [InlineData(16000, 3400, -5, -7)]
    [InlineData(16000, 3600, -40, -200)]
    [InlineData(16000, 7000, -40, -200)]
    [InlineData(8000, 1000, 0.1, -0.1)]
    [InlineData(8000, 3800, -40, -200)]
    public void Telephone_lets_only_its_band_pass(int rate, double frequency, double atMost, double atLeast)
    {
        var tone = Enumerable.Range(0, rate).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate)).ToArray();

        var heard = BandPass.Telephone(rate).Process(tone);

        var middle = (rate / 4)..(rate * 3 / 4);
        var gain = 20 * Math.Log10(Level.RootMeanSquare(heard.AsSpan()[middle]) / Level.RootMeanSquare(tone.AsSpan()[middle]));
        Assert.InRange(gain, atLeast, atMost);
    }

    [Fact]
    public void Process_has_no_delay()
    {
        var click = new float[2001];
        click[1000] = 1;

        var heard = BandPass.Telephone(16000).Process(click);

        Assert.Equal(1000, Array.IndexOf(heard, heard.Max()));
        Assert.Equal(heard[980], heard[1020], 1e-6f);
    }
}
