using System.Runtime.InteropServices;

namespace Mimir.Core.Native;

/// <summary>The C functions of <c>native/src/mimir_torch.h</c>, in the header's order: arithmetic, blocks, loss, optimisers.</summary>
internal static partial class LibTorch
{
    [LibraryImport(Library)]
    internal static partial int mimir_fill(TensorHandle tensor, double value);

    [LibraryImport(Library)]
    internal static partial int mimir_copy(TensorHandle target, TensorHandle source);

    [LibraryImport(Library)]
    internal static partial int mimir_scale(TensorHandle tensor, double factor);

    [LibraryImport(Library)]
    internal static partial int mimir_add(TensorHandle target, TensorHandle source, double scale);

    [LibraryImport(Library)]
    internal static partial int mimir_multiply(TensorHandle target, TensorHandle source);

    [LibraryImport(Library)]
    internal static partial int mimir_clamp(TensorHandle tensor, double limit);

    [LibraryImport(Library)]
    internal static partial int mimir_sum_squares(TensorHandle tensor, out double sum);

    [LibraryImport(Library)]
    internal static partial int mimir_is_finite(TensorHandle tensor, out int finite);

    [LibraryImport(Library)]
    internal static partial int mimir_gemm(
        int library, TensorHandle a, int transposeA, TensorHandle b, int transposeB, double alpha, double beta, TensorHandle c);

    [LibraryImport(Library)]
    internal static partial int mimir_softmax(TensorHandle x, int logarithm, TensorHandle output);

    [LibraryImport(Library)]
    internal static partial int mimir_softmax_backward(TensorHandle y, TensorHandle dy, TensorHandle dx);

    [LibraryImport(Library)]
    internal static partial int mimir_affine_forward(
        TensorHandle x, TensorHandle w, TensorHandle b, int activation, TensorHandle y);

    /// <remarks>Addresses stand for tensors that may be null; the caller keeps them alive.</remarks>
    [LibraryImport(Library)]
    internal static partial int mimir_affine_backward(
        TensorHandle x, TensorHandle w, TensorHandle y, int activation, TensorHandle dy, nint dx, nint dw, nint db,
        double alphaW, double alphaB, double beta);

    [LibraryImport(Library)]
    internal static partial int mimir_splice(
        TensorHandle frames, TensorHandle first, TensorHandle last, ReadOnlySpan<int> rows, long count,
        ReadOnlySpan<int> offsets, int offsetCount, TensorHandle output);

    [LibraryImport(Library)]
    internal static partial int mimir_shift_or_scale(TensorHandle x, nint shift, nint scale, TensorHandle output);

    [LibraryImport(Library)]
    internal static partial int mimir_dropout(TensorHandle x, double rate, ulong key, TensorHandle output);

    [LibraryImport(Library)]
    internal static partial int mimir_batch_norm_forward(
        TensorHandle x, TensorHandle gamma, TensorHandle beta, TensorHandle runningMean, TensorHandle runningVariance,
        int training, double momentum, double epsilon, TensorHandle saved, TensorHandle output);

    [LibraryImport(Library)]
    internal static partial int mimir_batch_norm_backward(
        TensorHandle x, TensorHandle gamma, TensorHandle saved, TensorHandle dy, nint dx, TensorHandle dgamma, TensorHandle dbeta);

    [LibraryImport(Library)]
    internal static partial int mimir_activation(TensorHandle x, int activation, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_activation_backward(TensorHandle y, int activation, TensorHandle dy, TensorHandle dx);

    [LibraryImport(Library)]
    internal static partial int mimir_parametric_relu(TensorHandle x, TensorHandle alpha, TensorHandle beta, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_parametric_relu_backward(
        TensorHandle x, TensorHandle alpha, TensorHandle beta, TensorHandle dy, nint dx, TensorHandle dalpha, TensorHandle dbeta);

    [LibraryImport(Library)]
    internal static partial int mimir_copy_columns(TensorHandle x, ReadOnlySpan<int> indices, long count, TensorHandle output);

    [LibraryImport(Library)]
    internal static partial int mimir_copy_columns_backward(
        TensorHandle dy, ReadOnlySpan<int> indices, long count, TensorHandle dx);

    [LibraryImport(Library)]
    internal static partial int mimir_copy_column_range(
        TensorHandle source, long from, TensorHandle target, long to, long columns);

    [LibraryImport(Library)]
    internal static partial int mimir_column_sums(TensorHandle a, nint b, TensorHandle output);

    [LibraryImport(Library)]
    internal static partial int mimir_cross_entropy(
        TensorHandle logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights, nint gradient,
        out double loss, out long correct, out double frames);

    [LibraryImport(Library)]
    internal static partial int mimir_soft_cross_entropy(
        TensorHandle logits, long first, long columns, ReadOnlySpan<int> offsets, ReadOnlySpan<int> classes,
        ReadOnlySpan<float> targets, ReadOnlySpan<float> frameWeights, nint gradient, Span<double> logPosteriors,
        Span<int> correct);

    [LibraryImport(Library)]
    internal static partial int mimir_mean_squared_error(
        TensorHandle output, long first, long columns, ReadOnlySpan<int> offsets, ReadOnlySpan<int> classes,
        ReadOnlySpan<float> targets, ReadOnlySpan<float> frameWeights, nint gradient, out double loss);

    [LibraryImport(Library)]
    internal static partial int mimir_sgd_step(
        TensorHandle value, TensorHandle gradient, nint correction, double rate, double momentum, double gradClip, double l1,
        double l2);

    [LibraryImport(Library)]
    internal static partial int mimir_adam_step(
        TensorHandle value, TensorHandle gradient, TensorHandle first, TensorHandle second, double rate, double beta1,
        double beta2, double epsilon, double secondScale, double decay);

    [LibraryImport(Library)]
    internal static partial int mimir_max_norm(TensorHandle w, double limit);
}
