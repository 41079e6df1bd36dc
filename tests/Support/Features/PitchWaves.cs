namespace Mimir.Tests.Support;

/// <summary>Waves whose pitch is known.</summary>
internal static class PitchWaves
{
    /// <summary>A buzz of eight harmonics whose pitch glides evenly in logarithm.</summary>
    public static float[] Glide(int rate, double seconds, double from, double to, float amplitude = 3000)
    {
        var wave = new float[(int)(rate * seconds)];
        var phase = 0.0;
        for (var i = 0; i < wave.Length; i++)
        {
            for (var k = 1; k <= 8; k++)
                wave[i] += (float)(amplitude / k * Math.Cos(k * phase));

            phase += 2 * Math.PI * PitchAt((double)i / wave.Length, from, to) / rate;
        }

        return wave;
    }

    /// <summary>The pitch at a part of the way.</summary>
    public static double PitchAt(double part, double from, double to) => from * Math.Pow(to / from, part);

    /// <summary>Noise by a seed.</summary>
    public static float[] Noise(int length, float amplitude, uint seed)
    {
        var wave = new float[length];
        for (var i = 0; i < length; i++)
        {
            seed = (seed * 1664525) + 1013904223;
            wave[i] = ((seed >> 8) / (float)(1 << 23) - 1) * amplitude;
        }

        return wave;
    }
}
