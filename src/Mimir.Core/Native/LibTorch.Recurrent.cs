using System.Runtime.CompilerServices;
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
        in Sequences sequences, TensorHandle x, in LstmDirectionPair directions, int count,
        in LstmLimits limits, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_backward(
        in Sequences sequences, TensorHandle x, in LstmDirectionPair directions, int count,
        in LstmLimits limits, TensorHandle y, TensorHandle dy, nint dx);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_workspace(long rows, long sequences, long cells, out long elements);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_forward(
        in Sequences sequences, TensorHandle x, TensorHandle wX, TensorHandle wR, TensorHandle bias,
        TensorHandle biasQ, nint state, TensorHandle workspace, TensorHandle y);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_backward(
        in Sequences sequences, TensorHandle x, TensorHandle wX, TensorHandle wR, TensorHandle bias,
        TensorHandle biasQ, TensorHandle workspace, TensorHandle y, TensorHandle dy, nint dx, TensorHandle dwX,
        TensorHandle dwR, TensorHandle dbias, TensorHandle dbiasQ);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_stages(Span<double> seconds);

    /// <summary><c>mimir_sequences</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Sequences
    {
        public long Steps;
        public int* Offsets;
        public int* Streams;
        public bool* Begins;
    }

    /// <summary><c>mimir_lstm_parameters</c>.</summary>
    [InlineArray(7)]
    internal struct LstmParameters
    {
        private nint _first;
    }

    /// <summary><c>mimir_lstm_direction</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LstmDirection
    {
        public LstmParameters Values;
        public LstmParameters Gradients;
        public nint Workspace;
        public nint State;
        public int Reverse;
    }

    /// <summary>One or two directions.</summary>
    [InlineArray(2)]
    internal struct LstmDirectionPair
    {
        private LstmDirection _first;
    }

    /// <summary><c>mimir_lstm_limits</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LstmLimits
    {
        public double Cell;
        public double Diff;
        public double CellDiff;
    }
}
