using Mimir.Core.Optimisers;

namespace Mimir.Core.Tests.Optimisers;

/// <summary>The formulas of online natural gradient on whole matrices, as the paper has them, in double precision.</summary>
/// <param name="state">W, the diagonal of D, and ρ.</param>
/// <param name="dim">The values of a vector.</param>
/// <param name="options">The smoothing and the memory.</param>
internal sealed class NaturalGradientReference((float[] W, float[] D, float Rho) state, int dim, NaturalGradientOptions options)
{
    private readonly int _rank = state.D.Length;

    /// <summary>F = Rᵀ D R + ρ I.</summary>
    public double[,] Fisher
    {
        get
        {
            var (r, f) = (R(), new double[dim, dim]);
            for (var i = 0; i < dim; i++)
            {
                for (var j = 0; j < dim; j++)
                    f[i, j] = Enumerable.Range(0, _rank).Sum(k => r[k][i] * state.D[k] * r[k][j]) + (i == j ? state.Rho : 0);
            }

            return f;
        }
    }

    /// <summary>The largest element of R Rᵀ - I.</summary>
    public double WorstProduct
    {
        get
        {
            var r = R();
            return Enumerable.Range(0, _rank * _rank).Max(at =>
                Math.Abs(Dot(r[at / _rank], r[at % _rank]) - (at / _rank == at % _rank ? 1 : 0)));
        }
    }

    /// <summary>X (F + α/dim tr(F) I)⁻¹, scaled to the norm of X.</summary>
    public double[] Preconditioned(float[] x)
    {
        var g = Fisher;
        var smoothing = options.Alpha / dim * Enumerable.Range(0, dim).Sum(i => g[i, i]);
        for (var i = 0; i < dim; i++)
            g[i, i] += smoothing;

        var result = new double[x.Length];
        for (var row = 0; row < x.Length / dim; row++)
            Solve(g, x.AsSpan(row * dim, dim)).CopyTo(result, row * dim);
        var scale = Math.Sqrt(x.Sum(value => (double)value * value) / result.Sum(value => value * value));
        return Array.ConvertAll(result, value => scale * value);
    }

    /// <summary>T = η XᵀX / N + (1 - η) F.</summary>
    public double[,] Target(float[] x)
    {
        var (f, n) = (Fisher, x.Length / dim);
        var eta = Math.Min(0.9, 1 - Math.Exp(-n / options.SamplesHistory));
        for (var i = 0; i < dim; i++)
        {
            for (var j = 0; j < dim; j++)
            {
                var scatter = Enumerable.Range(0, n).Sum(row => (double)x[(row * dim) + i] * x[(row * dim) + j]) / n;
                f[i, j] = (eta * scatter) + ((1 - eta) * f[i, j]);
            }
        }

        return f;
    }

    /// <summary>The roots of the eigenvalues of (R T) (R T)ᵀ, from the largest.</summary>
    public double[] PowerStep(double[,] target)
    {
        var r = R();
        var y = Array.ConvertAll(r, row => Enumerable.Range(0, dim)
            .Select(j => Enumerable.Range(0, dim).Sum(i => row[i] * target[i, j])).ToArray());
        var z = Enumerable.Range(0, _rank * _rank).Select(at => Dot(y[at / _rank], y[at % _rank])).ToArray();
        return Array.ConvertAll(SymmetricEigen.Decompose(z, _rank), Math.Sqrt);
    }

    /// <summary>D + ρ I.</summary>
    public double[] LeadingValues() => Array.ConvertAll(state.D, value => value + (double)state.Rho);

    // W = E^½ R, e = 1 / (β/d + 1).
    private double[][] R()
    {
        var beta = (state.Rho * (1 + options.Alpha)) + (options.Alpha * state.D.Sum(value => (double)value) / dim);
        return [.. Enumerable.Range(0, _rank).Select(k => Enumerable.Range(0, dim)
            .Select(i => state.W[(k * dim) + i] * Math.Sqrt((beta / state.D[k]) + 1)).ToArray())];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b).Sum(pair => pair.First * pair.Second);

    // By Gauss; the matrix is positive definite.
    private double[] Solve(double[,] matrix, ReadOnlySpan<float> right)
    {
        var (a, b) = ((double[,])matrix.Clone(), new double[dim]);
        for (var i = 0; i < dim; i++)
            b[i] = right[i];
        for (var k = 0; k < dim; k++)
        {
            for (var i = k + 1; i < dim; i++)
            {
                var factor = a[i, k] / a[k, k];
                for (var j = k; j < dim; j++)
                    a[i, j] -= factor * a[k, j];
                b[i] -= factor * b[k];
            }
        }

        for (var i = dim - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < dim; j++)
                b[i] -= a[i, j] * b[j];
            b[i] /= a[i, i];
        }

        return b;
    }
}
