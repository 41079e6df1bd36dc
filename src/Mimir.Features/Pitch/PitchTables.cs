using Mimir.Base;
using Mimir.Features.Signal;

namespace Mimir.Features.Pitch;

/// <summary>What all trackers of one set of options share: the lags and the filters.</summary>
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

    /// <summary>Gets the filter to the lower rate.</summary>
    public Resampler Resampler { get; }

    /// <summary>Gets the cost of a change by one lag; that of more grows with their square.</summary>
    public float ChangeCost { get; }

    /// <summary>The number of frames.</summary>
    /// <param name="samples">The samples at the lower rate that there are.</param>
    /// <param name="finished">Whether no more follow; before that a frame needs the longest lag behind it.</param>
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

    /// <summary>Where a frame begins, at the lower rate; without snip-edges it may be below 0.</summary>
    public long FirstSample(int frame) => Options.SnipEdges
        ? (long)frame * Options.WindowShift
        : (long)((frame + 0.5) * Options.WindowShift) - ((Options.WindowSize + Grid.Last) / 2);
}
