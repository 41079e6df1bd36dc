using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Tells speech from silence by the log energy of frames, as Kaldi's compute-vad does.</summary>
public static class EnergyVad
{
    /// <summary>Decides on each frame.</summary>
    /// <param name="features"><c>[T, D]</c> with the log energy (or C0) in the first column; T is 1 or more.</param>
    /// <param name="options">The thresholds.</param>
    /// <returns>1 for speech and 0 for silence, T of them.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or there are no frames.</exception>
    public static float[] Decide(FloatMatrix features, EnergyVadOptions options)
    {
        Check(options);
        ArgumentOutOfRangeException.ThrowIfZero(features.Rows, nameof(features));
        var energies = new float[features.Rows];
        for (var t = 0; t < energies.Length; t++)
            energies[t] = features[t, 0];

        var threshold = options.Threshold;
        if (options.MeanScale != 0)
            threshold += options.MeanScale * Sum(energies) / energies.Length;

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

    private static void Check(EnergyVadOptions options)
    {
        if (!(options.MeanScale >= 0))
            throw new ArgumentException($"vad-energy-mean-scale: expected 0 or more, got {options.MeanScale}.");
        if (options.Context < 0)
            throw new ArgumentException($"vad-frames-context: expected 0 or more, got {options.Context}.");
        if (!(options.Proportion is > 0 and < 1))
            throw new ArgumentException($"vad-proportion-threshold: expected a number between 0 and 1, got {options.Proportion}.");
    }
}
