using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Mimir.Core.Native;

/// <summary>The C functions of <c>native/src/mimir_kernels.h</c>, in the header's order: blocks, loss and optimisers.</summary>
internal static unsafe partial class Kernels
{
    [LibraryImport(Library)]
    internal static partial int mimir_affine_forward(
        long n, long inputs, long outputs, [MarshalUsing(typeof(Elements))] Tensor? x, [MarshalUsing(typeof(Elements))] Tensor? w,
        [MarshalUsing(typeof(Elements))] Tensor? b, int activation, [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_affine_backward(
        long n, long inputs, long outputs, [MarshalUsing(typeof(Elements))] Tensor? x, [MarshalUsing(typeof(Elements))] Tensor? w,
        [MarshalUsing(typeof(Elements))] Tensor? y, int activation, [MarshalUsing(typeof(Elements))] Tensor? dy,
        [MarshalUsing(typeof(Elements))] Tensor? dx, [MarshalUsing(typeof(Elements))] Tensor? dw,
        [MarshalUsing(typeof(Elements))] Tensor? db, double alphaW, double alphaB, double beta);

    [LibraryImport(Library)]
    internal static partial int mimir_splice(
        long t, long d, [MarshalUsing(typeof(Elements))] Tensor? frames, [MarshalUsing(typeof(Elements))] Tensor? first,
        [MarshalUsing(typeof(Elements))] Tensor? last, ReadOnlySpan<int> rows, long count, ReadOnlySpan<int> offsets,
        int offsetCount, [MarshalUsing(typeof(Elements))] Tensor? output);

    [LibraryImport(Library)]
    internal static partial int mimir_dropout(
        long count, [MarshalUsing(typeof(Elements))] Tensor? x, double rate, ulong key,
        [MarshalUsing(typeof(Elements))] Tensor? output);

    [LibraryImport(Library)]
    internal static partial int mimir_batch_norm_forward(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? x, [MarshalUsing(typeof(Elements))] Tensor? gamma,
        [MarshalUsing(typeof(Elements))] Tensor? beta, [MarshalUsing(typeof(Elements))] Tensor? runningMean,
        [MarshalUsing(typeof(Elements))] Tensor? runningVariance, int training, double momentum, double epsilon,
        [MarshalUsing(typeof(Elements))] Tensor? saved, [MarshalUsing(typeof(Elements))] Tensor? output);

    [LibraryImport(Library)]
    internal static partial int mimir_batch_norm_backward(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? x, [MarshalUsing(typeof(Elements))] Tensor? gamma,
        [MarshalUsing(typeof(Elements))] Tensor? saved, [MarshalUsing(typeof(Elements))] Tensor? dy,
        [MarshalUsing(typeof(Elements))] Tensor? dx, [MarshalUsing(typeof(Elements))] Tensor? dgamma,
        [MarshalUsing(typeof(Elements))] Tensor? dbeta);

    [LibraryImport(Library)]
    internal static partial int mimir_layer_norm_forward(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? x, [MarshalUsing(typeof(Elements))] Tensor? gamma,
        [MarshalUsing(typeof(Elements))] Tensor? beta, double epsilon, [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_layer_norm_backward(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? x, [MarshalUsing(typeof(Elements))] Tensor? gamma, double epsilon,
        [MarshalUsing(typeof(Elements))] Tensor? dy, [MarshalUsing(typeof(Elements))] Tensor? dx,
        [MarshalUsing(typeof(Elements))] Tensor? dgamma, [MarshalUsing(typeof(Elements))] Tensor? dbeta);

    [LibraryImport(Library)]
    internal static partial int mimir_parametric_relu(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? x, [MarshalUsing(typeof(Elements))] Tensor? alpha,
        [MarshalUsing(typeof(Elements))] Tensor? beta, [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_parametric_relu_backward(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? x, [MarshalUsing(typeof(Elements))] Tensor? alpha,
        [MarshalUsing(typeof(Elements))] Tensor? beta, [MarshalUsing(typeof(Elements))] Tensor? dy,
        [MarshalUsing(typeof(Elements))] Tensor? dx, [MarshalUsing(typeof(Elements))] Tensor? dalpha,
        [MarshalUsing(typeof(Elements))] Tensor? dbeta);

    [LibraryImport(Library)]
    internal static partial int mimir_gather_rows(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows, long count,
        [MarshalUsing(typeof(Elements))] Tensor? output);

    [LibraryImport(Library)]
    internal static partial int mimir_scatter_add_rows(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? dy, ReadOnlySpan<int> rows, long count,
        [MarshalUsing(typeof(Elements))] Tensor? dx);

    [LibraryImport(Library)]
    internal static partial int mimir_tdnn_forward(
        long n, long d, long o, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows, long count, int offsets,
        [MarshalUsing(typeof(Elements))] Tensor? w, [MarshalUsing(typeof(Elements))] Tensor? b, int activation,
        [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_tdnn_backward(
        long n, long d, long o, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows, long count, int offsets,
        [MarshalUsing(typeof(Elements))] Tensor? w, [MarshalUsing(typeof(Elements))] Tensor? y, int activation,
        [MarshalUsing(typeof(Elements))] Tensor? dy, [MarshalUsing(typeof(Elements))] Tensor? dx,
        [MarshalUsing(typeof(Elements))] Tensor? dw, [MarshalUsing(typeof(Elements))] Tensor? db, double alphaW, double alphaB,
        double beta);

    [LibraryImport(Library)]
    internal static partial int mimir_memory_forward(
        long n, long d, long taps, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows,
        [MarshalUsing(typeof(Elements))] Tensor? w, [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_memory_backward(
        long n, long d, long taps, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows,
        [MarshalUsing(typeof(Elements))] Tensor? w, [MarshalUsing(typeof(Elements))] Tensor? dy,
        [MarshalUsing(typeof(Elements))] Tensor? dx, [MarshalUsing(typeof(Elements))] Tensor? dw);

    [LibraryImport(Library)]
    internal static partial int mimir_convolution_forward(
        long n, in FeatureMap map, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows,
        [MarshalUsing(typeof(Elements))] Tensor? w, [MarshalUsing(typeof(Elements))] Tensor? b, int activation,
        [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_convolution_backward(
        long n, in FeatureMap map, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows,
        [MarshalUsing(typeof(Elements))] Tensor? w, [MarshalUsing(typeof(Elements))] Tensor? y, int activation,
        [MarshalUsing(typeof(Elements))] Tensor? dy, [MarshalUsing(typeof(Elements))] Tensor? dx,
        [MarshalUsing(typeof(Elements))] Tensor? dw, [MarshalUsing(typeof(Elements))] Tensor? db, double alphaW, double alphaB,
        double beta);

    [LibraryImport(Library)]
    internal static partial int mimir_max_pool_forward(
        long n, in FeatureMap map, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows,
        [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_max_pool_backward(
        long n, in FeatureMap map, [MarshalUsing(typeof(Elements))] Tensor? x, ReadOnlySpan<int> rows,
        [MarshalUsing(typeof(Elements))] Tensor? dy, [MarshalUsing(typeof(Elements))] Tensor? dx);

    [LibraryImport(Library)]
    internal static partial int mimir_cross_entropy(
        long n, long c, [MarshalUsing(typeof(Elements))] Tensor? logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> weights,
        [MarshalUsing(typeof(Elements))] Tensor? gradient, out double loss, out long correct, out double frames);

    [LibraryImport(Library)]
    internal static partial int mimir_soft_cross_entropy(
        long n, long c, [MarshalUsing(typeof(Elements))] Tensor? logits, long first, long columns, ReadOnlySpan<int> offsets,
        ReadOnlySpan<int> classes, ReadOnlySpan<float> targets, ReadOnlySpan<float> frameWeights,
        [MarshalUsing(typeof(Elements))] Tensor? gradient, Span<double> logPosteriors, Span<int> correct);

    [LibraryImport(Library)]
    internal static partial int mimir_mean_squared_error(
        long n, long c, [MarshalUsing(typeof(Elements))] Tensor? output, long first, long columns, ReadOnlySpan<int> offsets,
        ReadOnlySpan<int> classes, ReadOnlySpan<float> targets, ReadOnlySpan<float> frameWeights,
        [MarshalUsing(typeof(Elements))] Tensor? gradient, out double loss);

    [LibraryImport(Library)]
    internal static partial int mimir_sgd_step(
        long count, [MarshalUsing(typeof(Elements))] Tensor? value, [MarshalUsing(typeof(Elements))] Tensor? gradient,
        [MarshalUsing(typeof(Elements))] Tensor? correction, double rate, double momentum, double gradClip, double l1, double l2);

    [LibraryImport(Library)]
    internal static partial int mimir_adam_step(
        long count, [MarshalUsing(typeof(Elements))] Tensor? value, [MarshalUsing(typeof(Elements))] Tensor? gradient,
        [MarshalUsing(typeof(Elements))] Tensor? first, [MarshalUsing(typeof(Elements))] Tensor? second, double rate, double beta1,
        double beta2, double epsilon, double secondScale, double decay);

    /// <summary><c>mimir_picture</c>: the feature map of a frame, and the window of a convolution or a pooling on it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FeatureMap
    {
        public long Height;
        public long Channels;
        public long Time;
        public long Kernel;
        public long Stride;
        public long Padding;
        public long OutputHeight;
        public long Filters;
    }
}
