using System.Numerics;

namespace Mimir.Features.Signal;

/// <summary>Linear prediction of as many signals at once as a vector has lanes.</summary>
internal static class LinearPrediction
{
    // The least part of the error that remains after a step; it keeps a constant signal from a division by 0. Kaldi's value.
    private const float LeastRest = 1e-5f;

    /// <summary>Solves the normal equations by the recursion of Levinson and Durbin.</summary>
    /// <param name="autocorrelation">P + 1 lags.</param>
    /// <param name="predictor">Receives a[1] … a[P] of the inverse filter 1 + a[1] z^-1 + …; 0 where a signal is.</param>
    /// <returns>The energy of the residual.</returns>
    public static Vector<T> Solve<T>(ReadOnlySpan<Vector<T>> autocorrelation, Span<Vector<T>> predictor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var leastRest = new Vector<T>(T.CreateTruncating(LeastRest));
        var energy = autocorrelation[0];
        for (var i = 0; i < predictor.Length; i++)
        {
            var sum = autocorrelation[i + 1];
            for (var j = 0; j < i; j++)
                sum = LaneMath.MultiplyAdd(predictor[j], autocorrelation[i - j], sum);

            var reflection = Vector.ConditionalSelect(
                Vector.GreaterThan(energy, Vector<T>.Zero), sum / energy, Vector<T>.Zero);
            energy *= Vector.Max(Vector<T>.One - (reflection * reflection), leastRest);
            for (int j = 0, mirror = i - 1; j <= mirror; j++, mirror--)
            {
                var (low, high) = (predictor[j], predictor[mirror]);
                predictor[j] = low - (reflection * high);
                predictor[mirror] = high - (reflection * low);
            }

            predictor[i] = -reflection;
        }

        return energy;
    }

    /// <summary>The cepstrum of the filter 1 / (1 + a[1] z^-1 + …).</summary>
    /// <param name="predictor">a[1] … a[P].</param>
    /// <param name="cepstrum">Receives c[1], c[2], …, at most P.</param>
    public static void ToCepstrum<T>(ReadOnlySpan<Vector<T>> predictor, Span<Vector<T>> cepstrum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < cepstrum.Length; i++)
        {
            var sum = Vector<T>.Zero;
            for (var j = 0; j < i; j++)
                sum = LaneMath.MultiplyAdd(predictor[j] * T.CreateTruncating(i - j), cepstrum[i - j - 1], sum);

            cepstrum[i] = -predictor[i] - (sum / T.CreateTruncating(i + 1));
        }
    }
}
