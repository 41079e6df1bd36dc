using Mimir.Base;
using Mimir.Features.Signal;

namespace Mimir.Features.Pitch;

/// <summary>The lags and filters that all trackers of the same options share.</summary>
internal sealed class PitchTables
{
    /// <summary>Computes the tables.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public PitchTables(PitchOptions options)
    {
        options.Validate();
        Options = options;
        Grid = new LagGrid(options);
        Interpolator = new LagInterpolator(options, Grid);
        Resampler = new Resampler(
            (int)options.SampleFrequency, (int)options.ResampleFrequency, options.LowpassCutoff, options.LowpassFilterWidth);
        var step = Math.Log(1.0 + options.DeltaPitch);
        ChangeCost = (float)(step * step) * options.PenaltyFactor;
    }

    /// <summary>Gets the options.</summary>
    public PitchOptions Options { get; }

    /// <summary>Gets the lags.</summary>
    public LagGrid Grid { get; }

    /// <summary>Gets the filter between measured lags.</summary>
    public LagInterpolator Interpolator { get; }

    /// <summary>Gets the resampling filter.</summary>
    public Resampler Resampler { get; }

    /// <summary>Gets the cost of a change by one lag; it grows with the square of the change (Kaldi: --penalty-factor).</summary>
    public float ChangeCost { get; }

    /// <summary>The number of frames.</summary>
    /// <param name="samples">The number of resampled samples so far.</param>
    /// <param name="finished">True when no more follow; before that a frame also needs the longest lag.</param>
    public int FrameCount(int samples, bool finished)
    {
        var length = Options.WindowSize + (finished ? 0 : Grid.Last);
        if (samples < length)
            return 0;
        if (Options.SnipEdges)
            return ((samples - length) / Options.WindowShift) + 1;

        var centres = finished ? samples : samples - (length / 2);
        return (int)((centres * 1f / Options.WindowShift) + 0.5f);
    }

    /// <summary>The first resampled sample of a frame; without snip-edges it may be below 0.</summary>
    public long FirstSample(int frame) => Options.SnipEdges
        ? (long)frame * Options.WindowShift
        : (long)((frame + 0.5) * Options.WindowShift) - ((Options.WindowSize + Grid.Last) / 2);
}

/// <summary>
/// The lags of pitch tracking: measured lags are whole samples after resampling; candidate lags are a geometric series of
/// seconds from 1 / max-f0 to 1 / min-f0 with the ratio 1 + delta-pitch.
/// </summary>
internal sealed class LagGrid
{
    /// <summary>The limit of the number of lags: backpointers have 16 bits.</summary>
    public const int MostLags = 1 << 16;

    /// <summary>Computes the lags of valid options.</summary>
    public LagGrid(PitchOptions options)
    {
        // Single precision where Kaldi uses it, so that the number of lags is the same.
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

    /// <summary>Gets the candidate lags, in seconds.</summary>
    public float[] Seconds { get; }

    /// <summary>Gets the number of candidate lags, S.</summary>
    public int Count => Seconds.Length;
}
