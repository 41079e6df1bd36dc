using Mimir.Core.Tensors;

namespace Mimir.Core.Optimisers;

/// <summary>The repair of rows that rounding has left not quite orthonormal.</summary>
internal static class Orthonormal
{
    private const double Tolerance = 1e-3, LargestInverse = 100, Vanished = 0.01;

    /// <summary>Makes the rows R of W = diag(scales) R orthonormal, the first ones the least changed.</summary>
    /// <remarks>
    /// By Cholesky's factor C of R Rᵀ: R ← C⁻¹ R. Where that fails or its largest element is 100 or more, by Gram and Schmidt.
    /// </remarks>
    /// <param name="w">W, <c>[rows, columns]</c>.</param>
    /// <param name="scales">The lengths that the rows of W have.</param>
    /// <returns>The repaired W, row-major; null when it is orthonormal to 0.001.</returns>
    public static double[]? Repair(Tensor w, double[] scales)
    {
        var (rows, columns) = (w.Rows, w.Columns);
        var values = new double[rows * columns];
        w.CopyTo(values);
        var r = Enumerable.Range(0, rows).Select(row => values[(row * columns)..((row + 1) * columns)]).ToArray();
        for (var row = 0; row < rows; row++)
            Scale(r[row], 1 / scales[row]);

        var gram = new double[rows, rows];
        var worst = 0.0;
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                gram[i, j] = Dot(r[i], r[j]);
                worst = Math.Max(worst, Math.Abs(gram[i, j] - (i == j ? 1 : 0)));
            }
        }

        if (worst <= Tolerance)
            return null;
        if (!TrySolve(gram, r))
            GramSchmidt(r);
        for (var row = 0; row < rows; row++)
        {
            Scale(r[row], scales[row]);
            r[row].CopyTo(values, row * columns);
        }

        return values;
    }

    // R ← C⁻¹ R, a row after the other.
    private static bool TrySolve(double[,] gram, double[][] r)
    {
        var n = r.Length;
        var inverse = new double[n, n];
        var factor = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = gram[i, j];
                for (var k = 0; k < j; k++)
                    sum -= factor[i, k] * factor[j, k];
                if (i == j && !(sum > 0))
                    return false;
                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }

            for (var j = 0; j <= i; j++)
            {
                var sum = i == j ? 1.0 : 0;
                for (var k = j; k < i; k++)
                    sum -= factor[i, k] * inverse[k, j];
                inverse[i, j] = sum / factor[i, i];
                if (!(inverse[i, j] < LargestInverse))
                    return false;
            }
        }

        for (var i = n - 1; i >= 0; i--)
        {
            Scale(r[i], inverse[i, i]);
            for (var j = 0; j < i; j++)
                Add(r[i], inverse[i, j], r[j]);
        }

        return true;
    }

    private static void GramSchmidt(double[][] r)
    {
        var axis = 0;
        for (var i = 0; i < r.Length; i++)
        {
            while (true)
            {
                var before = Dot(r[i], r[i]);
                for (var j = 0; j < i; j++)
                    Add(r[i], -Dot(r[i], r[j]), r[j]);

                // A row of which little is left may not be orthogonal, for rounding; one of which nothing is left begins anew.
                var left = Dot(r[i], r[i]);
                if (left > Vanished * before)
                {
                    Scale(r[i], 1 / Math.Sqrt(left));
                    break;
                }

                if (!(left > 0))
                {
                    Array.Clear(r[i]);
                    r[i][axis++ % r[i].Length] = 1;
                }
            }
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double[] to, double factor, double[] from)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] += factor * from[i];
    }

    private static void Scale(double[] values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] *= factor;
    }
}
