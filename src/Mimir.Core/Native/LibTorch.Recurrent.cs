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
        in LstmCall.Sequences sequences, TensorHandle x, in LstmCall.DirectionPair directions, int count,
        in LstmCall.Limits limits, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_backward(
        in LstmCall.Sequences sequences, TensorHandle x, in LstmCall.DirectionPair directions, int count,
        in LstmCall.Limits limits, TensorHandle y, TensorHandle dy, nint dx);
}
