using System.Runtime.InteropServices;

namespace Mimir.Core.Native;

/// <summary>The C functions of <c>native/src/mimir_torch.h</c>, in the header's order: recurrent layers.</summary>
internal static partial class LibTorch
{
    [LibraryImport(Library)]
    internal static partial int mimir_lstm_workspace(
        long rows, long sequences, long cells, long projection, out long elements);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_forward(
        in PackedSequences.Layout sequences, TensorHandle x, in LstmCall.DirectionPair directions, int count,
        in LstmCall.Limits limits, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_backward(
        in PackedSequences.Layout sequences, TensorHandle x, in LstmCall.DirectionPair directions, int count,
        in LstmCall.Limits limits, TensorHandle y, TensorHandle dy, nint dx);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_workspace(long rows, long sequences, long cells, out long elements);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_forward(
        in PackedSequences.Layout sequences, TensorHandle x, TensorHandle wX, TensorHandle wR, TensorHandle bias,
        TensorHandle biasQ, nint state, TensorHandle workspace, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_backward(
        in PackedSequences.Layout sequences, TensorHandle x, TensorHandle wX, TensorHandle wR, TensorHandle bias,
        TensorHandle biasQ, TensorHandle workspace, TensorHandle y, TensorHandle dy, nint dx, TensorHandle dwX,
        TensorHandle dwR, TensorHandle dbias, TensorHandle dbiasQ);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_stages(Span<double> seconds);
}
