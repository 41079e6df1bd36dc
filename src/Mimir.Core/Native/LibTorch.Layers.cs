using System.Runtime.InteropServices;

namespace Mimir.Core.Native;

/// <summary>The C functions of <c>native/src/mimir_torch.h</c> for layer normalisation and blocks that span several frames.</summary>
/// <remarks>Addresses stand for tensors that may be null; the caller keeps them alive.</remarks>
internal static partial class LibTorch
{
    [LibraryImport(Library)]
    internal static partial int mimir_layer_norm_forward(
        TensorHandle x, TensorHandle gamma, TensorHandle beta, double epsilon, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_layer_norm_backward(
        TensorHandle x, TensorHandle gamma, double epsilon, TensorHandle dy, nint dx, TensorHandle dgamma, TensorHandle dbeta);

    [LibraryImport(Library)]
    internal static partial int mimir_gather_rows(TensorHandle x, ReadOnlySpan<int> rows, long count, TensorHandle output);

    [LibraryImport(Library)]
    internal static partial int mimir_scatter_add_rows(TensorHandle dy, ReadOnlySpan<int> rows, long count, TensorHandle dx);

    [LibraryImport(Library)]
    internal static partial int mimir_tdnn_forward(
        TensorHandle x, ReadOnlySpan<int> rows, long count, int offsets, TensorHandle w, nint b, int activation, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_tdnn_backward(
        TensorHandle x, ReadOnlySpan<int> rows, long count, int offsets, TensorHandle w, TensorHandle y, int activation,
        TensorHandle dy, nint dx, nint dw, nint db, double alphaW, double alphaB, double beta);

    [LibraryImport(Library)]
    internal static partial int mimir_memory_forward(TensorHandle x, ReadOnlySpan<int> rows, TensorHandle w, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_memory_backward(
        TensorHandle x, ReadOnlySpan<int> rows, TensorHandle w, TensorHandle dy, nint dx, TensorHandle dw);

    [LibraryImport(Library)]
    internal static partial int mimir_convolution_forward(
        in FeatureMap map, TensorHandle x, ReadOnlySpan<int> rows, TensorHandle w, TensorHandle b, int activation, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_convolution_backward(
        in FeatureMap map, TensorHandle x, ReadOnlySpan<int> rows, TensorHandle w, TensorHandle y, int activation,
        TensorHandle dy, nint dx, nint dw, nint db, double alphaW, double alphaB, double beta);

    [LibraryImport(Library)]
    internal static partial int mimir_max_pool_forward(in FeatureMap map, TensorHandle x, ReadOnlySpan<int> rows, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_max_pool_backward(
        in FeatureMap map, TensorHandle x, ReadOnlySpan<int> rows, TensorHandle dy, TensorHandle dx);

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
