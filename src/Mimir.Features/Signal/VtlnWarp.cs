using Mimir.Base;

namespace Mimir.Features.Signal;

/// <summary>
/// The piecewise linear warp of vocal-tract length normalisation: slope 1 / factor in the middle, and a straight piece on each
/// side that keeps the ends of the band.
/// </summary>
internal sealed class VtlnWarp
{
    private readonly float _low;
    private readonly float _high;
    private readonly float _scale;
    private readonly float _lowBend;
    private readonly float _highBend;

    /// <summary>Creates the warp.</summary>
    /// <param name="low">The lower end of the band, in hertz.</param>
    /// <param name="high">The upper end of the band, in hertz.</param>
    /// <param name="vtlnLow">The lower bend for a factor up to 1, in hertz; inside the band.</param>
    /// <param name="vtlnHigh">The upper bend for a factor of 1 or more, in hertz; inside the band.</param>
    /// <param name="factor">Above 0; 1 leaves frequencies as they are.</param>
    public VtlnWarp(float low, float high, float vtlnLow, float vtlnHigh, float factor)
    {
        if (!(factor > 0) || !float.IsFinite(factor))
            throw new InputException($"vtln-warp: expected a factor above 0, got {factor}");

        _low = low;
        _high = high;
        _scale = 1 / factor;
        _lowBend = vtlnLow * MathF.Max(1, factor);
        _highBend = vtlnHigh * MathF.Min(1, factor);
        if (factor != 1 && !(vtlnLow > low && vtlnHigh < high && vtlnLow < vtlnHigh))
        {
            throw new InputException(
                $"vtln-low {vtlnLow} and vtln-high {vtlnHigh}: expected low-freq {low} < vtln-low < vtln-high < high-freq {high}");
        }
    }

    /// <summary>Warps a frequency in mels.</summary>
    public float Mel(float mel) => MelScale.FromHertz(Hertz(MelScale.ToHertz(mel)));

    /// <summary>Warps a frequency in hertz; outside the band it stays as it is.</summary>
    public float Hertz(float hertz)
    {
        if (hertz < _low || hertz > _high)
            return hertz;
        if (hertz < _lowBend)
            return _low + (((_scale * _lowBend) - _low) / (_lowBend - _low) * (hertz - _low));
        if (hertz < _highBend)
            return _scale * hertz;

        return _high + ((_high - (_scale * _highBend)) / (_high - _highBend) * (hertz - _high));
    }
}
