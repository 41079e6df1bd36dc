using Mimir.Base;
using Mimir.Corpus.Sound;

namespace Mimir.Corpus.Tests.Sound;

public class MixerTests
{
    private static readonly Mixer Sixteen = new(new NoiseGenerator([Voice(1), Voice(2)]), BandPass.Telephone(16000));

    [Theory]
    [InlineData("White", 0, false)]
    [InlineData("Pink", 10, false)]
    [InlineData("Brown", 5, true)]
    [InlineData("Babble", 20, true)]
    public void Mix_gives_the_ratio_that_was_asked_for(string colour, double ratio, bool telephone)
    {
        var speech = Voice(9);
        var clean = new Scene(3000, 2000, -26, telephone, null, NoiseColour.White);
        var noisy = clean with { SignalToNoise = ratio, Colour = Enum.Parse<NoiseColour>(colour) };

        var signal = Sixteen.Mix(speech, clean, SeededRandom.For(1));
        var mixture = Sixteen.Mix(speech, noisy, SeededRandom.For(1));

        Assert.Equal(3000 + speech.Length + 2000, mixture.Length);
        var spoken = 3000..(3000 + speech.Length);
        float[] noise = [.. mixture.Zip(signal, (both, alone) => (float)(both - alone))];
        float[] heard = [.. signal.Select(sample => (float)sample)];
        var measured = 20 * Math.Log10(
            Level.RootMeanSquare(heard.AsSpan()[spoken]) / Level.RootMeanSquare(noise.AsSpan()[spoken]));
        Assert.Equal(ratio, measured, 0.1);
        Assert.Equal(-26, 20 * Math.Log10(Level.RootMeanSquare(heard.AsSpan()[spoken]) / 32768), 0.1);
    }

    [Fact]
    public void Mix_never_clips()
    {
        var speech = new float[16000];
        speech[8000] = 1;

        var samples = Sixteen.Mix(speech, new Scene(100, 100, -20, false, 0, NoiseColour.White), SeededRandom.For(1));

        Assert.InRange(samples.Max(sample => Math.Abs((int)sample)), 20000, 32100);
    }

    private static float[] Voice(ulong seed)
    {
        var voice = new float[16000];
        SeededRandom.For(seed).FillNormal(voice);
        return voice;
    }
}
