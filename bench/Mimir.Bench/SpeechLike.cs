namespace Mimir.Bench;

/// <summary>Audio that costs what speech costs: harmonics of a gliding voice, syllables, noise and short silences.</summary>
internal static class SpeechLike
{
    /// <summary>Its sample rate, in hertz.</summary>
    public const int Rate = 16000;

    /// <summary>Makes the same audio each time.</summary>
    /// <returns>Whole numbers at the scale of 16-bit samples.</returns>
    public static float[] Create(int seconds)
    {
        var wave = new float[seconds * Rate];
        var (phase, noise) = (0.0, 12345u);
        for (var i = 0; i < wave.Length; i++)
        {
            var time = (double)i / Rate;
            phase += 2 * Math.PI * (120 + (40 * Math.Sin(1.3 * time))) / Rate;
            var syllable = Math.Max(0, Math.Sin(2 * Math.PI * 4 * time));
            var voice = Enumerable.Range(1, 20).Sum(h => Math.Sin(h * phase) / h);
            noise = (noise * 1664525) + 1013904223;
            var hiss = (noise / (double)uint.MaxValue) - 0.5;
            wave[i] = (float)Math.Round((syllable * 4000 * voice) + (200 * hiss));
        }

        return wave;
    }
}
