using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Options of <see cref="EnergyVad"/>; names and defaults are those of Kaldi's compute-vad.</summary>
public sealed record EnergyVadOptions
{
    /// <summary>Constant term of the threshold of the log energy.</summary>
    [Option("vad-energy-threshold")]
    public float Threshold { get; init; } = 5;

    /// <summary>Factor of the utterance's mean log energy, which is added to the threshold.</summary>
    [Option("vad-energy-mean-scale", Min = 0)]
    public float MeanScale { get; init; } = 0.5f;

    /// <summary>Frames of context on each side of the frame that is decided.</summary>
    [Option("vad-frames-context", Min = 0)]
    public int Context { get; init; }

    /// <summary>Share of the frames in the context that must exceed the threshold.</summary>
    [Option("vad-proportion-threshold", Min = 0, MinExcluded = true, Max = 1, MaxExcluded = true)]
    public float Proportion { get; init; } = 0.6f;
}

/// <summary>Tells speech from silence by the log energy of frames, as Kaldi's compute-vad does.</summary>
public static class EnergyVad
{
    /// <summary>Decides on each frame.</summary>
    /// <param name="features"><c>[T, D]</c> with the log energy (or C0) in the first column; T is 1 or more.</param>
    /// <param name="options">The thresholds.</param>
    /// <returns>1 for speech and 0 for silence, T of them.</returns>
    /// <exception cref="InputException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">There are no frames.</exception>
    public static float[] Decide(FloatMatrix features, EnergyVadOptions options)
    {
        Option.CheckRanges(options);
        ArgumentOutOfRangeException.ThrowIfZero(features.Rows, nameof(features));
        var energies = new float[features.Rows];
        for (var t = 0; t < energies.Length; t++)
            energies[t] = features[t, 0];

        // Kaldi: --vad-energy-threshold plus --vad-energy-mean-scale times the mean log energy.
        var threshold = options.Threshold;
        if (options.MeanScale != 0)
            threshold += options.MeanScale * Sum(energies) / energies.Length;

        // Kaldi: --vad-proportion-threshold of the frames within --vad-frames-context must exceed the threshold.
        var decisions = new float[energies.Length];
        for (var t = 0; t < energies.Length; t++)
        {
            var from = Math.Max(0, t - options.Context);
            var window = energies.AsSpan(from, (int)Math.Min(energies.Length, t + options.Context + 1L) - from);
            var loud = 0;
            foreach (var energy in window)
                loud += energy > threshold ? 1 : 0;

            decisions[t] = loud >= window.Length * options.Proportion ? 1 : 0;
        }

        return decisions;
    }

    // In double precision and then rounded, as Kaldi's sum is.
    private static float Sum(float[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;

        return (float)sum;
    }
}
