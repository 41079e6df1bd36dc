namespace Mimir.Features.Signal;

/// <summary>Kaldi's window functions.</summary>
public enum WindowType
{
    /// <summary>0.5 - 0.5 cos.</summary>
    Hanning,

    /// <summary>Half a period of a sine.</summary>
    Sine,

    /// <summary>0.54 - 0.46 cos.</summary>
    Hamming,

    /// <summary>The Hann window to the power of 0.85: similar to Hamming, but 0 at the edges. The default of Kaldi.</summary>
    Povey,

    /// <summary>All ones.</summary>
    Rectangular,

    /// <summary>c - 0.5 cos + (0.5 - c) cos of twice the angle, with a chosen c.</summary>
    Blackman,
}

/// <summary>Computes windows as Kaldi does: over N - 1 intervals, so that they are symmetric.</summary>
public static class WindowFunction
{
    /// <summary>Computes one window.</summary>
    /// <param name="type">Its shape.</param>
    /// <param name="length">Its length N in samples, 1 or more.</param>
    /// <param name="blackmanCoefficient">The c of the Blackman window; the others ignore it.</param>
    /// <returns>N weights.</returns>
    public static float[] Create(WindowType type, int length, double blackmanCoefficient = 0.42)
    {
        var window = new float[length];
        for (var i = 0; i < length; i++)
        {
            var angle = length == 1 ? 0 : 2 * Math.PI * i / (length - 1);
            window[i] = (float)Value(type, angle, blackmanCoefficient);
        }

        return window;
    }

    private static double Value(WindowType type, double angle, double c) => type switch
    {
        WindowType.Hanning => 0.5 - (0.5 * Math.Cos(angle)),
        WindowType.Sine => Math.Sin(0.5 * angle),
        WindowType.Hamming => 0.54 - (0.46 * Math.Cos(angle)),
        WindowType.Povey => Math.Pow(0.5 - (0.5 * Math.Cos(angle)), 0.85),
        WindowType.Rectangular => 1,
        WindowType.Blackman => c - (0.5 * Math.Cos(angle)) + ((0.5 - c) * Math.Cos(2 * angle)),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such window."),
    };
}
