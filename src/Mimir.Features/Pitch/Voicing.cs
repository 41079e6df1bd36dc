namespace Mimir.Features.Pitch;

/// <summary>
/// What a correlation says about voicing; formulas of Ghahremani et al., A pitch extraction algorithm tuned for automatic
/// speech recognition, ICASSP 2014.
/// </summary>
internal static class Voicing
{
    /// <summary>A feature with roughly the shape of a Gaussian: (1.0001 - n)^0.15 - 1.</summary>
    public static float Feature(float correlation) =>
        (float)(Math.Pow(1.0001 - Math.Clamp(correlation, -1f, 1f), 0.15) - 1);

    /// <summary>The probability that a frame is voiced, fitted to marked speech.</summary>
    public static float Probability(float correlation)
    {
        double n = Math.Min(Math.Abs(correlation), 1f);
        var odds = (float)(-5.2 + (5.4 * Math.Exp(7.5 * (n - 1))) + (4.8 * n) - (2 * Math.Exp(-10 * n))
            + (4.2 * Math.Exp(20 * (n - 1))));
        return (float)(1 / (1 + Math.Exp(-odds)));
    }
}
