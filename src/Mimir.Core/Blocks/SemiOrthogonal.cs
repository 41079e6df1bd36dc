using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>The semi-orthogonal constraint: the rows of a matrix orthogonal to each other and of one length.</summary>
/// <remarks>
/// D. Povey et al.: Semi-orthogonal low-rank matrix factorization for deep neural networks, 2018. With P = W Wᵀ one step is
/// W ← W - 4 (ν / α²) (P - α² I) W with ν = 1/8, which converges quadratically when P is near α² I. A floating α follows
/// from the matrix: α² = tr(P Pᵀ) / tr(P), so that the step neither shrinks nor grows it; as in Kaldi ν is halved while the
/// eigenvalues differ (tr(P Pᵀ) rows / tr(P)² above 1.02), and once more above 1.1.
/// </remarks>
public static class SemiOrthogonal
{
    // ν
    private const double Speed = 0.125;

    /// <summary>Takes one step.</summary>
    /// <param name="weight">The matrix; where it has more rows than columns, its columns take the place of the rows.</param>
    /// <param name="scale">The length α of the rows, or a negative number to let it float.</param>
    public static void Step(Tensor weight, float scale)
    {
        // P = W Wᵀ, or Wᵀ W of a tall matrix.
        var tall = weight.Rows > weight.Columns;
        var size = Math.Min(weight.Rows, weight.Columns);
        using var product = Tensor.Zeros(Device.Of(weight), [size, size], weight.dtype);
        product.AddProduct(weight, tall, weight, !tall, beta: 0);

        var (square, speed) = ((double)scale * scale, Speed);
        if (scale < 0)
        {
            // The floating α², and a slower step far from the constraint.
            var (trace, squares) = Traces(product, size);

            // A matrix of zeros has no direction, and values that are not finite are for the trainer to find.
            if (!(trace > 1e-15))
                return;

            square = squares / trace;
            var spread = squares * size / (trace * trace);
            speed *= spread > 1.1 ? 0.25 : spread > 1.02 ? 0.5 : 1;
        }

        // W ← (1 + 4 ν) W - 4 (ν / α²) P W
        using var before = weight.clone();
        var rate = 4 * speed / square;
        if (tall)
            weight.AddProduct(before, false, product, false, alpha: -rate, beta: 1 + (4 * speed));
        else
            weight.AddProduct(product, false, before, false, alpha: -rate, beta: 1 + (4 * speed));
    }

    // tr(P) and tr(P Pᵀ).
    private static (double Trace, double Squares) Traces(Tensor product, int size)
    {
        var values = new double[(long)size * size];
        product.CopyTo(values);
        var (trace, squares) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            squares += values[i] * values[i];
            if (i % (size + 1) == 0)
                trace += values[i];
        }

        return (trace, squares);
    }
}
