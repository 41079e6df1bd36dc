namespace Mimir.Core.Optimisers;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix, in double precision and in one order of operations.</summary>
/// <remarks>
/// Householder's reduction to a tridiagonal matrix, then QL steps with implicit shifts: G. H. Golub, C. F. Van Loan: Matrix
/// Computations, chapter 8. Unlike a library's it gives the same bits with any number of threads.
/// </remarks>
internal static class SymmetricEigen
{
    private const int MostSteps = 60;

    /// <summary>Decomposes <c>A = U diag(values) Uᵀ</c>.</summary>
    /// <param name="matrix">A, <c>[n, n]</c> row-major; on return row i is the eigenvector of value i: Uᵀ.</param>
    /// <param name="n">The size.</param>
    /// <returns>The eigenvalues from the largest to the smallest.</returns>
    /// <exception cref="ArithmeticException">The matrix has elements that are not finite.</exception>
    public static double[] Decompose(double[] matrix, int n)
    {
        var (diagonal, beside) = (new double[n], new double[n]);
        var rows = new double[n][];
        for (var i = 0; i < n; i++)
            rows[i] = matrix[(i * n)..((i + 1) * n)];

        var vectors = Tridiagonalise(rows, diagonal, beside);
        Iterate(vectors, diagonal, beside);

        var order = Enumerable.Range(0, n).OrderByDescending(i => diagonal[i]).ToArray();
        for (var i = 0; i < n; i++)
            vectors[order[i]].CopyTo(matrix, i * n);
        return Array.ConvertAll(order, i => diagonal[i]);
    }

    // A ← H A H for reflections H = I - 2 v vᵀ, one a column. Row j of the result is row j of (H1 H2 …)ᵀ.
    private static double[][] Tridiagonalise(double[][] a, double[] diagonal, double[] beside)
    {
        var n = diagonal.Length;
        var reflections = new List<double[]>();
        for (var k = 0; k + 2 < n; k++)
        {
            var v = new double[n];
            Array.Copy(a[k], k + 1, v, k + 1, n - k - 1);
            var norm = Math.Sqrt(Dot(v, v));
            v[k + 1] += v[k + 1] < 0 ? -norm : norm;
            var length = Math.Sqrt(Dot(v, v));
            if (!(length > 0))
                continue;

            Scale(v, 1 / length);
            reflections.Add(v);

            // A ← A - 2 v wᵀ - 2 w vᵀ with p = A v, w = p - (vᵀ p) v.
            var w = new double[n];
            for (var i = k; i < n; i++)
                w[i] = Dot(a[i], v);
            Add(w, -Dot(w, v), v);
            for (var i = k; i < n; i++)
            {
                Add(a[i], -2 * v[i], w);
                Add(a[i], -2 * w[i], v);
            }
        }

        for (var i = 0; i < n; i++)
            (diagonal[i], beside[i]) = (a[i][i], i + 1 < n ? a[i][i + 1] : 0);

        var vectors = new double[n][];
        for (var i = 0; i < n; i++)
            (vectors[i] = new double[n])[i] = 1;
        for (var r = reflections.Count - 1; r >= 0; r--)
        {
            // Rows are columns of the product: each is reflected by itself.
            foreach (var row in vectors)
                Add(row, -2 * Dot(row, reflections[r]), reflections[r]);
        }

        return vectors;
    }

    private static void Iterate(double[][] vectors, double[] d, double[] e)
    {
        var n = d.Length;
        for (var l = 0; l < n; l++)
        {
            for (var step = 0; ; step++)
            {
                // The block that begins at l ends where a neighbour is too small to matter.
                var m = l;
                while (m + 1 < n && Math.Abs(e[m]) > double.Epsilon + (1e-16 * (Math.Abs(d[m]) + Math.Abs(d[m + 1]))))
                    m++;
                if (m == l)
                    break;
                if (step == MostSteps || !double.IsFinite(d[l]))
                    throw new ArithmeticException("the eigenvalues of a matrix that is not finite");

                ShiftedStep(vectors, d, e, l, m);
            }
        }
    }

    private static void ShiftedStep(double[][] vectors, double[] d, double[] e, int l, int m)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        var r = Math.Sqrt((g * g) + 1);
        g = d[m] - d[l] + (e[l] / (g + (g < 0 ? -r : r)));
        var (sine, cosine, shift) = (1.0, 1.0, 0.0);
        for (var i = m - 1; i >= l; i--)
        {
            var (f, b) = (sine * e[i], cosine * e[i]);
            r = Math.Sqrt((f * f) + (g * g));
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= shift;
                e[m] = 0;
                return;
            }

            (sine, cosine) = (f / r, g / r);
            g = d[i + 1] - shift;
            r = ((d[i] - g) * sine) + (2 * cosine * b);
            shift = sine * r;
            d[i + 1] = g + shift;
            g = (cosine * r) - b;
            Rotate(vectors[i], vectors[i + 1], cosine, sine);
        }

        d[l] -= shift;
        (e[l], e[m]) = (g, 0);
    }

    private static void Rotate(double[] a, double[] b, double cosine, double sine)
    {
        for (var i = 0; i < a.Length; i++)
            (a[i], b[i]) = ((cosine * a[i]) - (sine * b[i]), (sine * a[i]) + (cosine * b[i]));
    }

    // Two chains of additions: the order is fixed, and the processor does several at once.
    private static double Dot(double[] a, double[] b)
    {
        var (even, odd) = (0.0, 0.0);
        var i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
        }

        return i < a.Length ? even + odd + (a[i] * b[i]) : even + odd;
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
