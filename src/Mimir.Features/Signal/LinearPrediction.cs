using System.Numerics;

namespace Mimir.Features.Signal;

/// <summary>Linear prediction of as many signals at once as a vector has lanes.</summary>
internal static class LinearPrediction
{
    // What is left of the error in one step, at least; it keeps a constant signal from dividing by 0. Kaldi's figure.
    private static readonly Vector<float> LeastRest = new(1e-5f);

    /// <summary>Solves the normal equations by the recursion of Levinson and Durbin.</summary>
    /// <param name="autocorrelation">P + 1 lags.</param>
    /// <param name="predictor">Receives a[1] … a[P] of the inverse filter 1 + a[1] z^-1 + …; 0 where a signal is.</param>
    /// <returns>The energy of the residual.</returns>
    public static Vector<float> Solve(ReadOnlySpan<Vector<float>> autocorrelation, Span<Vector<float>> predictor)
    {
        var energy = autocorrelation[0];
        for (var i = 0; i < predictor.Length; i++)
        {
            var sum = autocorrelation[i + 1];
            for (var j = 0; j < i; j++)
                sum = Vector.FusedMultiplyAdd(predictor[j], autocorrelation[i - j], sum);

            var reflection = Vector.ConditionalSelect(
                Vector.GreaterThan(energy, Vector<float>.Zero), sum / energy, Vector<float>.Zero);
            energy *= Vector.Max(Vector<float>.One - (reflection * reflection), LeastRest);
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
    /// <param name="cepstrum">Receives c[1] and on, P at most.</param>
    public static void ToCepstrum(ReadOnlySpan<Vector<float>> predictor, Span<Vector<float>> cepstrum)
    {
        for (var i = 0; i < cepstrum.Length; i++)
        {
            var sum = Vector<float>.Zero;
            for (var j = 0; j < i; j++)
                sum = Vector.FusedMultiplyAdd(predictor[j] * (i - j), cepstrum[i - j - 1], sum);

            cepstrum[i] = -predictor[i] - (sum / (i + 1));
        }
    }
}
