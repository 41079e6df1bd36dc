using Mimir.Base;
using Mimir.Corpus.Sound;

namespace Mimir.Corpus.Tests.Sound;

public class NoiseGeneratorTests
{
    [Theory]
    [InlineData("White", 0)]
    [InlineData("Pink", -3)]
    [InlineData("Brown", -6)]
    public void Make_falls_by_its_decibels_an_octave(string colour, double decibels)
    {
        var noise = new NoiseGenerator([]).Make(Enum.Parse<NoiseColour>(colour), 1 << 15, SeededRandom.For(2));

        var low = Power(noise, 500, 800);
        var high = Power(noise, 2000, 3200);

        Assert.Equal(2 * decibels, 10 * Math.Log10(high / low), 1.0);
    }

    /// <summary>The mean power of frequencies in a band of a signal at 16 kHz, by plain Fourier sums.</summary>
    private static double Power(float[] signal, double low, double high)
    {
        var total = 0.0;
        const int Lines = 200;
        for (var line = 0; line < Lines; line++)
        {
            var step = 2 * Math.PI * (low + ((high - low) * line / Lines)) / 16000;
            var (turnSine, turnCosine) = Math.SinCos(step);
            double real = 0, imaginary = 0, cosine = 1, sine = 0;
            for (var i = 0; i < signal.Length; i++)
            {
                real += signal[i] * cosine;
                imaginary += signal[i] * sine;
                (cosine, sine) = ((cosine * turnCosine) - (sine * turnSine), (sine * turnCosine) + (cosine * turnSine));
            }

            total += ((real * real) + (imaginary * imaginary)) / Lines;
        }

        return total;
    }
}
