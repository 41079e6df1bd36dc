using Mimir.Core.Native;
using TorchSharp;

namespace Mimir.Core.Tensors;

/// <summary>Products, sums and other arithmetic that several blocks share: kernels where they serve, else TorchSharp.</summary>
/// <remarks>
/// TorchSharp's own <c>a + b</c>, <c>a.add_(b)</c>, <c>1 - a</c>, <c>square</c> and <c>ToDouble</c> make a <see cref="Scalar"/> and lose
/// it before libtorch has read it: see <see cref="Scalars"/>. The architecture tests allow only what stands here.
/// </remarks>
public static class TensorArithmetic
{
    extension(Tensor tensor)
    {
        /// <summary>The Euclidean norm of all elements, accumulated in double precision.</summary>
        public double Norm()
        {
            if (Kernels.Take(tensor))
            {
                Kernels.Check(Kernels.mimir_sum_squares(tensor.Count, tensor, out var sum));
                return Math.Sqrt(sum);
            }

            using var exact = tensor.to(ScalarType.Float64, copy: true);
            using var squares = exact.Squared();
            using var total = squares.sum();
            return Math.Sqrt(total.Number());
        }

        /// <summary>True when no element is NaN or infinite.</summary>
        public bool IsFinite()
        {
            if (Kernels.Take(tensor))
            {
                Kernels.Check(Kernels.mimir_is_finite(tensor.Count, tensor, out var finite));
                return finite != 0;
            }

            using var finiteness = tensor.isfinite();
            using var all = finiteness.all();
            return all.Number() != 0;
        }

        /// <summary>The only element.</summary>
        public double Number()
        {
            Span<double> number = [0];
            tensor.CopyTo(number);
            return number[0];
        }

        /// <summary>The sum of this and a tensor.</summary>
        /// <param name="other">Of the same shape, or one that expands to it.</param>
        public Tensor Plus(Tensor other) => tensor.add(other, Scalars.Of(1));

        /// <summary>The sum of each element and a number.</summary>
        /// <param name="number">The number.</param>
        public Tensor Plus(double number) => tensor.add(Scalars.Of(number), Scalars.Of(1));

        /// <summary>Adds a tensor to this.</summary>
        /// <param name="other">Of the same shape, or one that expands to it.</param>
        /// <returns>This tensor.</returns>
        public Tensor Accumulate(Tensor other) => tensor.add_(other, Scalars.Of(1));

        /// <summary>Adds a number to each element of this.</summary>
        /// <param name="number">The number.</param>
        /// <returns>This tensor.</returns>
        public Tensor Accumulate(double number) => tensor.add_(Scalars.Of(number), Scalars.Of(1));

        /// <summary>1 less each element.</summary>
        public Tensor OneMinus() => tensor.neg().add_(Scalars.Of(1), Scalars.Of(1));

        /// <summary>The square of each element.</summary>
        public Tensor Squared() => tensor.mul(tensor);

        /// <summary>Replaces this matrix by <c>beta * this + alpha * op(left) op(right)</c>.</summary>
        /// <param name="left">The left factor.</param>
        /// <param name="transposeLeft">True to transpose <paramref name="left"/> first.</param>
        /// <param name="right">The right factor.</param>
        /// <param name="transposeRight">True to transpose <paramref name="right"/> first.</param>
        /// <param name="alpha">The factor of the product.</param>
        /// <param name="beta">The factor of the old values; 0 ignores them, even NaN.</param>
        /// <param name="library">The library; only measurements name one.</param>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        /// <exception cref="KernelException">The library is not installed.</exception>
        public void AddProduct(
            Tensor left, bool transposeLeft, Tensor right, bool transposeRight, double alpha = 1, double beta = 1,
            GemmLibrary library = GemmLibrary.Chosen)
        {
            var (m, depth) = transposeLeft ? (left.size(1), left.size(0)) : (left.size(0), left.size(1));
            var (k, n) = transposeRight ? (right.size(1), right.size(0)) : (right.size(0), right.size(1));
            if (depth != k || tensor.size(0) != m || tensor.size(1) != n)
            {
                throw new ArgumentException(
                    $"A [{tensor.size(0)}, {tensor.size(1)}] matrix cannot hold the product of [{m}, {depth}] and [{k}, {n}].");
            }

            if (Kernels.Take(tensor))
            {
                Kernels.Check(Kernels.mimir_gemm(
                    (int)library, m, n, k, left, transposeLeft ? 1 : 0, right, transposeRight ? 1 : 0, alpha, beta, tensor));
                return;
            }

            using var a = transposeLeft ? left.t() : left.alias();
            using var b = transposeRight ? right.t() : right.alias();
            tensor.addmm_(a, b, (float)beta, (float)alpha);
        }

        /// <summary>Writes the softmax of each row of this matrix, or its logarithm.</summary>
        /// <param name="target">Of the same shape; may be this tensor itself.</param>
        /// <param name="logarithm">True to write logarithms.</param>
        public void SoftmaxInto(Tensor target, bool logarithm = false)
        {
            if (Kernels.Take(target))
            {
                Kernels.Check(Kernels.mimir_softmax(tensor.Rows, tensor.Columns, tensor, logarithm ? 1 : 0, target));
                return;
            }

            using var result = logarithm ? torch.nn.functional.log_softmax(tensor, 1) : torch.nn.functional.softmax(tensor, 1);
            target.copy_(result);
        }

        /// <summary>Replaces this vector by the sums over the rows of a matrix, or of the product of two element by element.</summary>
        /// <param name="a">The matrix, <c>[N, D]</c>.</param>
        /// <param name="b">Its factor, of the same shape; null is 1.</param>
        internal void SetColumnSums(Tensor a, Tensor? b = null)
        {
            using var product = b is null ? a.alias() : a.mul(b);
            using var sums = product.sum(dim: 0);
            tensor.copy_(sums);
        }

        /// <summary>Copies columns of a matrix of as many rows.</summary>
        /// <param name="source">The matrix to copy from.</param>
        /// <param name="from">The first column to copy.</param>
        /// <param name="to">The first column to write.</param>
        /// <param name="columns">The number of columns.</param>
        internal void CopyColumnsFrom(Tensor source, int from, int to, int columns)
        {
            using var read = source.narrow(1, from, columns);
            using var written = tensor.narrow(1, to, columns);
            written.copy_(read);
        }
    }
}
