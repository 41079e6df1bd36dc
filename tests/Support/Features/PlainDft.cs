using System.Numerics;

namespace Mimir.Tests.Support;

/// <summary>
/// The definition of the discrete Fourier transform, in double precision: what the fast one is tested against.
/// </summary>
internal static class PlainDft
{
    /// <summary>X[k] = sum of x[t] exp(-2 pi i k t / N) for k from 0 to N / 2.</summary>
    public static Complex[] Of(double[] x)
    {
        var n = x.Length;
        var cosines = Enumerable.Range(0, n).Select(i => Math.Cos(2 * Math.PI * i / n)).ToArray();
        var sines = Enumerable.Range(0, n).Select(i => Math.Sin(2 * Math.PI * i / n)).ToArray();
        var spectrum = new Complex[(n / 2) + 1];
        for (var k = 0; k < spectrum.Length; k++)
        {
            var (re, im) = (0.0, 0.0);
            for (int t = 0, turn = 0; t < n; t++, turn = (turn + k) % n)
            {
                re += x[t] * cosines[turn];
                im -= x[t] * sines[turn];
            }

            spectrum[k] = new Complex(re, im);
        }

        return spectrum;
    }
}
