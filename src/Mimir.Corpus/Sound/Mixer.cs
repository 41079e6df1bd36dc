using System.Numerics.Tensors;
using Mimir.Base;

namespace Mimir.Corpus.Sound;

/// <summary>Applies an acoustic scene to speech: silence around it, the band of a telephone line, noise, and the level.</summary>
/// <param name="generator">Makes the noise.</param>
/// <param name="telephone">The band of a telephone at the rate of the corpus.</param>
internal sealed class Mixer(NoiseGenerator generator, BandPass telephone)
{
    /// <summary>The standard deviation of the noise floor, in units of the 16-bit scale.</summary>
    private const float FloorDeviation = 2;
    private const float Ceiling = 32000;

    /// <summary>Mixes one recording.</summary>
    /// <param name="speech">Clean speech.</param>
    /// <param name="scene">The acoustic scene.</param>
    /// <param name="random">The random numbers of this utterance.</param>
    /// <returns>16-bit samples, with the silences.</returns>
    public short[] Mix(ReadOnlySpan<float> speech, Scene scene, SeededRandom random)
    {
        // Silence around the speech, noise, and the telephone line for both.
        var signal = new float[scene.Lead + speech.Length + scene.Tail];
        speech.CopyTo(signal.AsSpan(scene.Lead));
        var noise = scene.SignalToNoise is null ? null : generator.Make(scene.Colour, signal.Length, random);
        if (scene.Telephone)
        {
            signal = telephone.Process(signal);
            noise = noise is null ? null : telephone.Process(noise);
        }

        // Both levels are measured during speech: the silence around it does not count.
        var spoken = scene.Lead..(scene.Lead + speech.Length);
        Scale(signal, 32768 * Level.Gain(scene.SpeechLevel) / Level.RootMeanSquare(signal.AsSpan()[spoken]));
        if (noise is not null && scene.SignalToNoise is { } ratio)
        {
            var wanted = Level.RootMeanSquare(signal.AsSpan()[spoken]) / Level.Gain(ratio);
            Scale(noise, wanted / Level.RootMeanSquare(noise.AsSpan()[spoken]));
            TensorPrimitives.Add(signal, noise, signal);
        }

        // Limit the peak, add the noise floor of the recording, and round to 16 bits.
        var peak = Math.Abs(TensorPrimitives.MaxMagnitude<float>(signal));
        if (peak > Ceiling)
            Scale(signal, Ceiling / peak);
        var floor = new float[signal.Length];
        random.FillNormal(floor);
        var samples = new short[signal.Length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (short)Math.Clamp(MathF.Round(signal[i] + (FloorDeviation * floor[i])), short.MinValue, short.MaxValue);
        return samples;
    }

    private static void Scale(float[] samples, double factor) => TensorPrimitives.Multiply(samples, (float)factor, samples);
}

/// <summary>The acoustic scene of an utterance.</summary>
/// <param name="Lead">Samples before the speech.</param>
/// <param name="Tail">Samples after it.</param>
/// <param name="SpeechLevel">The level of the speech in decibels of full scale (root mean square).</param>
/// <param name="Telephone">True for a telephone line.</param>
/// <param name="SignalToNoise">The signal-to-noise ratio during speech in decibels, after the line; null for no noise.</param>
/// <param name="Colour">The kind of noise.</param>
internal sealed record Scene(
    int Lead, int Tail, double SpeechLevel, bool Telephone, double? SignalToNoise, NoiseColour Colour);

/// <summary>Levels of signals.</summary>
internal static class Level
{
    /// <summary>The root mean square of a signal; 0 for an empty one.</summary>
    public static double RootMeanSquare(ReadOnlySpan<float> samples) =>
        samples.IsEmpty ? 0 : Math.Sqrt(TensorPrimitives.SumOfSquares(samples) / samples.Length);

    /// <summary>The amplitude factor of a gain in decibels.</summary>
    public static double Gain(double decibels) => Math.Pow(10, decibels / 20);
}
