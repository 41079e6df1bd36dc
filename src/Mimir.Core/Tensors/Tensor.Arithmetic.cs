using Mimir.Core.Native;

namespace Mimir.Core.Tensors;

/// <content>Arithmetic in place, products and reductions.</content>
public sealed partial class Tensor
{
    /// <summary>Sets every element to a value.</summary>
    public void Fill(double value) => LibTorch.Check(LibTorch.mimir_fill(Handle, value));

    /// <summary>Multiplies every element by a factor.</summary>
    public void Scale(double factor) => LibTorch.Check(LibTorch.mimir_scale(Handle, factor));

    /// <summary>Adds <paramref name="scale"/> times another tensor of the same size.</summary>
    /// <param name="other">The tensor to add.</param>
    /// <param name="scale">Its factor.</param>
    public void Add(Tensor other, double scale = 1) => LibTorch.Check(LibTorch.mimir_add(Handle, other.Handle, scale));

    /// <summary>Multiplies element by element with another tensor of the same shape.</summary>
    public void Multiply(Tensor other) => LibTorch.Check(LibTorch.mimir_multiply(Handle, other.Handle));

    /// <summary>Brings every element into <c>[-limit, limit]</c>.</summary>
    public void Clamp(double limit) => LibTorch.Check(LibTorch.mimir_clamp(Handle, limit));

    /// <summary>The sum of all elements, accumulated in double precision.</summary>
    public double Sum()
    {
        LibTorch.Check(LibTorch.mimir_sum(Handle, out var sum));
        return sum;
    }

    /// <summary>The Euclidean norm of all elements, accumulated in double precision.</summary>
    public double Norm()
    {
        LibTorch.Check(LibTorch.mimir_sum_squares(Handle, out var sum));
        return Math.Sqrt(sum);
    }

    /// <summary>Whether no element is NaN or infinite.</summary>
    public bool IsFinite()
    {
        LibTorch.Check(LibTorch.mimir_is_finite(Handle, out var finite));
        return finite != 0;
    }

    /// <summary>Multiplies two matrices.</summary>
    /// <param name="right">A <c>[K, N]</c> matrix; this tensor is <c>[M, K]</c>.</param>
    /// <returns>The <c>[M, N]</c> product.</returns>
    /// <exception cref="TorchException">The inner axes differ.</exception>
    public Tensor MatMul(Tensor right)
    {
        var product = Zeros(Device, [_shape[0], right._shape[^1]], Type);
        try
        {
            LibTorch.Check(LibTorch.mimir_gemm(0, Handle, 0, right.Handle, 0, 1, 0, product.Handle));
        }
        catch (Exception)
        {
            product.Dispose();
            throw;
        }

        return product;
    }

    /// <summary>This matrix becomes <c>beta * this + alpha * op(left) op(right)</c>.</summary>
    /// <param name="left">The left factor.</param>
    /// <param name="transposeLeft">Whether <paramref name="left"/> is transposed first.</param>
    /// <param name="right">The right factor.</param>
    /// <param name="transposeRight">Whether <paramref name="right"/> is transposed first.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="beta">The factor of the old values; 0 ignores them, NaN or not.</param>
    /// <param name="library">Who multiplies; measurements name one, all else leaves the choice to the table.</param>
    /// <exception cref="TorchException">The shapes do not fit, or the library is not installed.</exception>
    public void AddProduct(
        Tensor left, bool transposeLeft, Tensor right, bool transposeRight, double alpha = 1, double beta = 1,
        GemmLibrary library = GemmLibrary.Chosen) =>
        LibTorch.Check(LibTorch.mimir_gemm(
            (int)library, left.Handle, transposeLeft ? 1 : 0, right.Handle, transposeRight ? 1 : 0, alpha, beta, Handle));

    /// <summary>Writes the softmax of each row of this matrix, or its logarithm.</summary>
    /// <param name="target">Of the same shape; may be this tensor itself.</param>
    /// <param name="logarithm">Whether to write logarithms.</param>
    public void SoftmaxInto(Tensor target, bool logarithm = false) =>
        LibTorch.Check(LibTorch.mimir_softmax(Handle, logarithm ? 1 : 0, target.Handle));

    /// <summary>Copies columns of a matrix of as many rows.</summary>
    /// <param name="source">The matrix to copy from.</param>
    /// <param name="from">Its first column to copy.</param>
    /// <param name="to">Where they shall begin here.</param>
    /// <param name="columns">How many.</param>
    internal void CopyColumnsFrom(Tensor source, int from, int to, int columns) =>
        LibTorch.Check(LibTorch.mimir_copy_column_range(source.Handle, from, Handle, to, columns));
}
