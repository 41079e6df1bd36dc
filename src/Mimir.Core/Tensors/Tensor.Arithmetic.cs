using Mimir.Core.Native;

namespace Mimir.Core.Tensors;

/// <summary>The library that computes a matrix product on the CPU.</summary>
public enum GemmLibrary
{
    /// <summary>The choice of the native layer, by shape, instruction set and threads.</summary>
    Chosen = 0,

    /// <summary>OpenBLAS.</summary>
    OpenBlas = 1,

    /// <summary>oneDNN.</summary>
    OneDnn = 2,

    /// <summary>Mimir's own kernel.</summary>
    Own = 3,
}

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

    /// <summary>Clips every element to <c>[-limit, limit]</c>.</summary>
    public void Clamp(double limit) => LibTorch.Check(LibTorch.mimir_clamp(Handle, limit));

    /// <summary>The Euclidean norm of all elements, accumulated in double precision.</summary>
    public double Norm()
    {
        LibTorch.Check(LibTorch.mimir_sum_squares(Handle, out var sum));
        return Math.Sqrt(sum);
    }

    /// <summary>True when no element is NaN or infinite.</summary>
    public bool IsFinite()
    {
        LibTorch.Check(LibTorch.mimir_is_finite(Handle, out var finite));
        return finite != 0;
    }

    /// <summary>Replaces this matrix by <c>beta * this + alpha * op(left) op(right)</c>.</summary>
    /// <param name="left">The left factor.</param>
    /// <param name="transposeLeft">True to transpose <paramref name="left"/> first.</param>
    /// <param name="right">The right factor.</param>
    /// <param name="transposeRight">True to transpose <paramref name="right"/> first.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="beta">The factor of the old values; 0 ignores them, even NaN.</param>
    /// <param name="library">The library; only measurements name one.</param>
    /// <exception cref="TorchException">The shapes do not fit, or the library is not installed.</exception>
    public void AddProduct(
        Tensor left, bool transposeLeft, Tensor right, bool transposeRight, double alpha = 1, double beta = 1,
        GemmLibrary library = GemmLibrary.Chosen) =>
        LibTorch.Check(LibTorch.mimir_gemm(
            (int)library, left.Handle, transposeLeft ? 1 : 0, right.Handle, transposeRight ? 1 : 0, alpha, beta, Handle));

    /// <summary>Writes the softmax of each row of this matrix, or its logarithm.</summary>
    /// <param name="target">Of the same shape; may be this tensor itself.</param>
    /// <param name="logarithm">True to write logarithms.</param>
    public void SoftmaxInto(Tensor target, bool logarithm = false) =>
        LibTorch.Check(LibTorch.mimir_softmax(Handle, logarithm ? 1 : 0, target.Handle));

    /// <summary>Copies columns of a matrix of as many rows.</summary>
    /// <param name="source">The matrix to copy from.</param>
    /// <param name="from">The first column to copy.</param>
    /// <param name="to">The first column to write.</param>
    /// <param name="columns">The number of columns.</param>
    internal void CopyColumnsFrom(Tensor source, int from, int to, int columns) =>
        LibTorch.Check(LibTorch.mimir_copy_column_range(source.Handle, from, Handle, to, columns));
}
