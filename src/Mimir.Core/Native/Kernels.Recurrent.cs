using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Mimir.Core.Native;

/// <summary>Recurrent layers.</summary>
internal static unsafe partial class Kernels
{
    [LibraryImport(Library)]
    internal static partial int mimir_lstm_workspace(
        long rows, long sequences, long cells, long projection, out long elements);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_forward(
        long input, long cells, long outputs, in Sequences sequences,
        [MarshalUsing(typeof(Elements))] Tensor? x, in LstmDirectionPair directions, int count, in LstmLimits limits,
        [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_backward(
        long input, long cells, long outputs, in Sequences sequences,
        [MarshalUsing(typeof(Elements))] Tensor? x, in LstmDirectionPair directions, int count, in LstmLimits limits,
        [MarshalUsing(typeof(Elements))] Tensor? y, [MarshalUsing(typeof(Elements))] Tensor? dy,
        [MarshalUsing(typeof(Elements))] Tensor? dx);

    [LibraryImport(Library)]
    internal static partial int mimir_lstm_stages(Span<double> seconds);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_workspace(long rows, long sequences, long cells, out long elements);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_forward(
        long input, long cells, long streams, in Sequences sequences, [MarshalUsing(typeof(Elements))] Tensor? x,
        [MarshalUsing(typeof(Elements))] Tensor? wX, [MarshalUsing(typeof(Elements))] Tensor? wR,
        [MarshalUsing(typeof(Elements))] Tensor? bias, [MarshalUsing(typeof(Elements))] Tensor? biasQ,
        [MarshalUsing(typeof(Elements))] Tensor? state, [MarshalUsing(typeof(Elements))] Tensor? workspace,
        [MarshalUsing(typeof(Elements))] Tensor? y);

    [LibraryImport(Library)]
    internal static partial int mimir_gru_backward(
        long input, long cells, in Sequences sequences, [MarshalUsing(typeof(Elements))] Tensor? x,
        [MarshalUsing(typeof(Elements))] Tensor? wX, [MarshalUsing(typeof(Elements))] Tensor? wR,
        [MarshalUsing(typeof(Elements))] Tensor? bias, [MarshalUsing(typeof(Elements))] Tensor? biasQ,
        [MarshalUsing(typeof(Elements))] Tensor? workspace, [MarshalUsing(typeof(Elements))] Tensor? y,
        [MarshalUsing(typeof(Elements))] Tensor? dy, [MarshalUsing(typeof(Elements))] Tensor? dx,
        [MarshalUsing(typeof(Elements))] Tensor? dwX, [MarshalUsing(typeof(Elements))] Tensor? dwR,
        [MarshalUsing(typeof(Elements))] Tensor? dbias, [MarshalUsing(typeof(Elements))] Tensor? dbiasQ);

    /// <summary><c>mimir_sequences</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Sequences
    {
        public long Steps;
        public int* Offsets;
        public int* Streams;
        public bool* Begins;
    }

    /// <summary><c>mimir_lstm_parameters</c>: addresses, 0 where the layer has no such parameter.</summary>
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
        public long Streams;
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
