namespace Mimir.Features.Tests.Signal;

/// <summary>The definition of the discrete Fourier transform, in double precision: what the fast one is tested against.</summary>
internal static class PlainDft
{
    /// <summary>X[k] = sum of x[t] exp(-2 pi i k t / N) for k from 0 to N / 2.</summary>
    public static System.Numerics.Complex[] Of(ReadOnlySpan<float> x)
    {
        var spectrum = new System.Numerics.Complex[(x.Length / 2) + 1];
        for (var k = 0; k < spectrum.Length; k++)
        {
            for (var t = 0; t < x.Length; t++)
                spectrum[k] += x[t] * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * k * t / x.Length);
        }

        return spectrum;
    }
}
