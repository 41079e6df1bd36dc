using Mimir.Base;

namespace Mimir.Corpus.Sound;

/// <summary>Kinds of additive noise.</summary>
internal enum NoiseColour
{
    /// <summary>The same power at every frequency.</summary>
    White,

    /// <summary>Falls by 3 dB an octave.</summary>
    Pink,

    /// <summary>Falls by 6 dB an octave above some 30 Hz, like the noise of a car.</summary>
    Brown,

    /// <summary>Several other voices at the same time.</summary>
    Babble,
}

/// <summary>Generates noise of any colour, at an arbitrary level.</summary>
/// <param name="voices">Long recordings of other speakers at the rate of the corpus, for babble.</param>
internal sealed class NoiseGenerator(IReadOnlyList<float[]> voices)
{
    private const int BabbleVoices = 5;

    /// <summary>Generates <paramref name="length"/> samples of noise.</summary>
    public float[] Make(NoiseColour colour, int length, SeededRandom random)
    {
        var noise = new float[length];
        if (colour == NoiseColour.Babble)
        {
            Babble(noise, random);
            return noise;
        }

        random.FillNormal(noise);
        if (colour == NoiseColour.Pink)
            Pink(noise);
        else if (colour == NoiseColour.Brown)
            Brown(noise);
        return noise;
    }

    private void Babble(Span<float> target, SeededRandom random)
    {
        for (var i = 0; i < BabbleVoices; i++)
        {
            var voice = voices[random.Below(voices.Count)];
            var position = random.Below(voice.Length);
            foreach (ref var sample in target)
            {
                sample += voice[position];
                position = position + 1 == voice.Length ? 0 : position + 1;
            }
        }
    }

    /// <summary>
    /// Pink noise by three parallel one-pole filters, exact within half a decibel from 0.1% of the Nyquist frequency (Paul
    /// Kellet's economy filter, 1999).
    /// </summary>
    private static void Pink(Span<float> samples)
    {
        double slow = 0, middle = 0, fast = 0;
        foreach (ref var sample in samples)
        {
            double white = sample;
            slow = (0.99765 * slow) + (white * 0.0990460);
            middle = (0.96300 * middle) + (white * 0.2965164);
            fast = (0.57000 * fast) + (white * 1.0526913);
            sample = (float)(slow + middle + fast + (white * 0.1848));
        }
    }

    private static void Brown(Span<float> samples)
    {
        double level = 0;
        foreach (ref var sample in samples)
        {
            level = (0.99 * level) + sample;
            sample = (float)level;
        }
    }
}
