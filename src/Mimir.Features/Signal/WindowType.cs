namespace Mimir.Features.Signal;

/// <summary>The shapes of window that Kaldi knows.</summary>
public enum WindowType
{
    /// <summary>0.5 - 0.5 cos.</summary>
    Hanning,

    /// <summary>Half a period of a sine.</summary>
    Sine,

    /// <summary>0.54 - 0.46 cos.</summary>
    Hamming,

    /// <summary>The Hann window to the power of 0.85: like Hamming, but 0 at the edges. Kaldi's default.</summary>
    Povey,

    /// <summary>All ones.</summary>
    Rectangular,

    /// <summary>c - 0.5 cos + (0.5 - c) cos of twice the angle, with a chosen c.</summary>
    Blackman,
}
