namespace Mimir.Features.Pitch;

/// <summary>
/// The lags of pitch tracking: those that are measured, whole samples at the lower rate, and those that pitch is chosen
/// from, a geometric series of seconds from 1 / max-f0 to 1 / min-f0.
/// </summary>
internal sealed class LagGrid
{
    /// <summary>Backpointers take 16 bits.</summary>
    public const int MostLags = 1 << 16;

    /// <summary>Computes the lags of checked options.</summary>
    public LagGrid(PitchOptions options)
    {
        // Single precision where Kaldi has it, so that the number of lags is the same.
        var margin = options.UpsampleFilterWidth / (2.0 * options.ResampleFrequency);
        First = (int)Math.Ceiling(options.ResampleFrequency * ((1.0 / options.MaxF0) - margin));
        Last = (int)Math.Floor(options.ResampleFrequency * ((1.0 / options.MinF0) + margin));
        var (shortest, longest) = ((float)(1.0 / options.MaxF0), (float)(1.0 / options.MinF0));
        var lags = new List<float>();
        for (var lag = shortest; lag <= longest && lags.Count < MostLags; lag = (float)(lag * (1.0 + options.DeltaPitch)))
            lags.Add(lag);

        Seconds = [.. lags];
    }

    /// <summary>Gets the shortest measured lag, in samples.</summary>
    public int First { get; }

    /// <summary>Gets the longest measured lag, in samples.</summary>
    public int Last { get; }

    /// <summary>Gets the number of measured lags.</summary>
    public int Measured => Last - First + 1;

    /// <summary>Gets the lags that pitch is chosen from, in seconds.</summary>
    public float[] Seconds { get; }

    /// <summary>Gets their number, S.</summary>
    public int Count => Seconds.Length;
}
