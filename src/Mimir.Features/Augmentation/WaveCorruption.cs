using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Features.Augmentation;

/// <summary>Length and level of a corrupted wave; names and defaults are those of Kaldi's wav-reverberate.</summary>
public sealed record CorruptionOptions
{
    /// <summary>Remove the delay of the direct path, so that the wave keeps its length; otherwise the output is longer.</summary>
    [Option("shift-output")]
    public bool ShiftOutput { get; init; } = true;

    /// <summary>Scale the output to the power of the clean wave.</summary>
    [Option("normalize-output")]
    public bool NormalizeOutput { get; init; } = true;

    /// <summary>Factor of the samples in place of normalize-output; 0 for none.</summary>
    [Option("volume", Min = 0)]
    public float Volume { get; init; }

    /// <summary>Length of the output in seconds, to which the wave is cut or repeated; 0 keeps its length.</summary>
    [Option("duration", Min = 0)]
    public float Duration { get; init; }
}

/// <summary>A noise to add to a wave.</summary>
/// <param name="Samples">The noise, at the rate of the wave; its level does not matter.</param>
/// <param name="Snr">The power of the wave over that of the noise, in decibels.</param>
/// <param name="Start">Start of the noise in the wave, in seconds, 0 or more; what lies beyond the end of the wave is cut.</param>
public sealed record AdditiveSignal(float[] Samples, double Snr, double Start = 0);

/// <summary>Adds reverberation and noise to a wave, as Kaldi's wav-reverberate does.</summary>
public static class WaveCorruption
{
    // Kaldi's floor of the power of a noise, FLT_EPSILON.
    private const float PowerFloor = 1.1920929e-7f;

    /// <summary>
    /// Computes y = g (h * x + sum of a_i n_i), where a_i scales the i-th noise to its ratio to the early power of h * x.
    /// </summary>
    /// <param name="wave">The clean wave x.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="room">The impulse response h, or null for none.</param>
    /// <param name="noises">The noises.</param>
    /// <param name="options">Length and level of the output.</param>
    /// <exception cref="InputException">An option is below 0.</exception>
    /// <exception cref="InputException">A noise begins before the wave.</exception>
    public static float[] Apply(
        ReadOnlySpan<float> wave,
        int sampleRate,
        ImpulseResponse? room,
        IReadOnlyList<AdditiveSignal> noises,
        CorruptionOptions options)
    {
        Option.CheckRanges(options);
        if (wave.IsEmpty)
            return [];

        // Reverberation; signal-to-noise ratios refer to the power of the early part.
        var power = Power(wave);
        var signal = room?.Apply(wave) ?? wave.ToArray();
        var early = room is not null && noises.Count > 0 ? room.EarlyPower(wave) : power;
        foreach (var noise in noises)
            Add(noise, early, sampleRate, signal);

        // Kaldi: --volume, else --normalize-output.
        var gain = Gain(power, Power(signal), options);
        TensorPrimitives.Multiply<float>(signal, gain, signal);

        // Kaldi: --shift-output removes the delay of the direct path; --duration truncates or repeats.
        var first = options.ShiftOutput && room is not null ? room.Peak : 0;
        if (options.Duration > 0)
            return Repeat(signal.AsSpan(first, wave.Length), (int)(options.Duration * sampleRate));

        return options.ShiftOutput ? signal.AsSpan(first, wave.Length).ToArray() : signal;
    }

    /// <summary>Truncates or repeats a wave to a number of samples.</summary>
    internal static float[] Repeat(ReadOnlySpan<float> wave, int count)
    {
        var output = new float[count];
        for (var at = 0; at < count; at += wave.Length)
            wave[..Math.Min(wave.Length, count - at)].CopyTo(output.AsSpan(at));

        return output;
    }

    private static float Power(ReadOnlySpan<float> wave) => TensorPrimitives.SumOfSquares(wave) / wave.Length;

    private static void Add(AdditiveSignal noise, float signalPower, int sampleRate, Span<float> signal)
    {
        if (!(noise.Start >= 0))
            throw new InputException($"A noise begins at 0 s or later, got {noise.Start}.");

        var start = noise.Start * sampleRate;
        if (noise.Samples.Length == 0 || start >= signal.Length)
            return;

        var factor = (float)Math.Sqrt(Math.Pow(10, -noise.Snr / 10) * signalPower / (Power(noise.Samples) + PowerFloor));
        var target = signal[(int)start..];
        target = target[..Math.Min(target.Length, noise.Samples.Length)];
        TensorPrimitives.MultiplyAdd<float>(noise.Samples.AsSpan(0, target.Length), factor, target, target);
    }

    private static float Gain(float before, float after, CorruptionOptions options)
    {
        if (options.Volume > 0)
            return options.Volume;

        // Silence stays silence, where Kaldi's 0 / 0 is no number.
        return options.NormalizeOutput && after > 0 ? MathF.Sqrt(before / after) : 1;
    }
}
