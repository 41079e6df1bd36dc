using System.Numerics.Tensors;

namespace Mimir.Dist.Updates.Rules;

/// <summary>What a master does with a push.</summary>
public static class AsynchronousMath
{
    private const int Piece = 1024;
    private const float Epsilon = 1e-7f;

    /// <summary>W -= f u.</summary>
    /// <param name="model">W.</param>
    /// <param name="update">u: the steps that the worker has taken, added: its model before minus its model after.</param>
    /// <param name="factor">f.</param>
    public static void Apply(Span<float> model, ReadOnlySpan<float> update, float factor) =>
        TensorPrimitives.MultiplyAdd(update, -factor, model, model);

    /// <summary>W -= f h (g + L g g (W - W_pulled)) with g = u / h: delay compensation (Zheng et al. 2017, equation 10).</summary>
    /// <remarks>With a mean square M: M = d M + (1 - d) g g, and L / sqrt(M + 1e-7) in place of L (their equation 14).</remarks>
    /// <param name="model">W.</param>
    /// <param name="update">u.</param>
    /// <param name="pulled">W_pulled: the model that the worker had pulled.</param>
    /// <param name="stepSize">h: what the mean gradient was multiplied by, more than 0.</param>
    /// <param name="strength">L.</param>
    /// <param name="meanSquare">M, or empty for none.</param>
    /// <param name="decay">d.</param>
    /// <param name="factor">f.</param>
    public static void ApplyCompensated(
        Span<float> model, ReadOnlySpan<float> update, ReadOnlySpan<float> pulled, double stepSize, double strength,
        Span<float> meanSquare, double decay, float factor)
    {
        Span<float> gradient = stackalloc float[Piece];
        Span<float> square = stackalloc float[Piece];
        Span<float> extra = stackalloc float[Piece];
        for (var begin = 0; begin < model.Length; begin += Piece)
        {
            var length = Math.Min(Piece, model.Length - begin);
            var w = model.Slice(begin, length);
            var g = gradient[..length];
            var gg = square[..length];
            var e = extra[..length];
            TensorPrimitives.Multiply(update.Slice(begin, length), (float)(1 / stepSize), g);
            TensorPrimitives.Multiply(g, g, gg);
            TensorPrimitives.Subtract(w, pulled.Slice(begin, length), e);
            TensorPrimitives.Multiply(e, gg, e);
            TensorPrimitives.Multiply(e, (float)strength, e);
            if (!meanSquare.IsEmpty)
            {
                var m = meanSquare.Slice(begin, length);
                TensorPrimitives.Multiply(m, (float)decay, m);
                TensorPrimitives.MultiplyAdd(gg, (float)(1 - decay), m, m);
                TensorPrimitives.Add(m, Epsilon, gg);
                TensorPrimitives.Sqrt(gg, gg);
                TensorPrimitives.Divide(e, gg, e);
            }

            TensorPrimitives.Add(e, g, e);
            TensorPrimitives.MultiplyAdd(e, -factor * (float)stepSize, w, w);
        }
    }

    /// <summary>e = a (W_i - C), C += e: elastic averaging at the centre; the worker takes W_i -= e.</summary>
    /// <remarks>Zhang, Choromanska, LeCun, "Deep learning with elastic averaging SGD", NIPS 2015, algorithm 1.</remarks>
    /// <param name="center">C.</param>
    /// <param name="local">W_i, replaced by e.</param>
    /// <param name="moving">a.</param>
    public static void Elastic(Span<float> center, Span<float> local, float moving)
    {
        TensorPrimitives.Subtract(local, center, local);
        TensorPrimitives.Multiply(local, moving, local);
        TensorPrimitives.Add(center, local, center);
    }
}
