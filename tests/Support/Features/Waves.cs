using Mimir.Base;
using Mimir.Features.Audio;

namespace Mimir.Tests.Support;

/// <summary>Waves and lists for the tests of augmentation.</summary>
internal static class Waves
{
    public static float[] Noise(int length, ulong seed, float deviation = 1000)
    {
        var wave = new float[length];
        var bits = new SeededRandom(seed);
        for (var i = 0; i < length; i++)
            wave[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - bits.NextUniform())) * Math.Cos(2 * Math.PI * bits.NextUniform()));

        return wave;
    }

    public static float[] Tone(double hertz, int length, int rate = 16000, double amplitude = 8000) =>
        [.. Enumerable.Range(0, length).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    /// <summary>The amplitude of a tone in the middle of a wave, by a product with it under a Hann window.</summary>
    public static double Amplitude(ReadOnlySpan<float> wave, double hertz, int rate = 16000)
    {
        var (re, im, sum) = (0.0, 0.0, 0.0);
        for (var i = 0; i < wave.Length; i++)
        {
            var window = Math.Pow(Math.Sin(Math.PI * i / wave.Length), 4);
            re += window * wave[i] * Math.Cos(2 * Math.PI * hertz * i / rate);
            im += window * wave[i] * Math.Sin(2 * Math.PI * hertz * i / rate);
            sum += window;
        }

        return 2 * Math.Sqrt((re * re) + (im * im)) / sum;
    }

    public static double Power(ReadOnlySpan<float> wave)
    {
        var sum = 0.0;
        foreach (var sample in wave)
            sum += (double)sample * sample;

        return sum / wave.Length;
    }

    /// <summary>An impulse response: a peak, reflections that fade, all at the scale of 16 bits.</summary>
    public static float[] Room(int length, int peak, ulong seed)
    {
        var room = Noise(length, seed, 2000);
        for (var i = 0; i < length; i++)
            room[i] = i < peak ? 0 : room[i] * MathF.Exp(-5f * (i - peak) / length);

        room[peak] = 20000;
        return room;
    }

    public static string WriteWav(this TemporaryFolder folder, string name, ReadOnlySpan<float> wave, int rate = 16000)
    {
        var samples = new short[wave.Length];
        for (var i = 0; i < wave.Length; i++)
            samples[i] = (short)Math.Clamp(wave[i], short.MinValue, short.MaxValue);

        SoundFile.WriteWav(folder.At(name), samples, rate);
        return folder.At(name);
    }

    /// <summary>A data directory of recordings.</summary>
    public static string WriteDirectory(this TemporaryFolder folder, string name, params (string Id, float[] Wave)[] recordings)
    {
        Directory.CreateDirectory(folder.At(name));
        var lines = recordings.Select(recording =>
            $"{recording.Id} {folder.WriteWav(Path.Combine(name, recording.Id + ".wav"), recording.Wave)}\n");
        folder.Write(Path.Combine(name, "wav.scp"), string.Concat(lines));
        return folder.At(name);
    }

}
