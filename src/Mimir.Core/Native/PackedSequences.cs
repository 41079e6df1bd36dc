using System.Buffers;
using System.Runtime.InteropServices;
using Mimir.Core.Graph;

namespace Mimir.Core.Native;

/// <summary>Lends a layout to native calls as <c>mimir_sequences</c>.</summary>
internal ref struct PackedSequences : IDisposable
{
    private MemoryHandle _offsets, _streams, _begins;

    /// <summary>The structure, valid until this is disposed of.</summary>
    public Layout Native;

    public unsafe PackedSequences(SequenceLayout layout)
    {
        _offsets = layout.OffsetsMemory.Pin();
        Native = new() { Steps = layout.Steps, Offsets = (int*)_offsets.Pointer };
        if (layout.Streams.IsEmpty)
            return;

        _streams = layout.StreamsMemory.Pin();
        _begins = layout.BeginsMemory.Pin();
        Native.Streams = (int*)_streams.Pointer;
        Native.Begins = (bool*)_begins.Pointer;
    }

    public void Dispose()
    {
        _offsets.Dispose();
        _streams.Dispose();
        _begins.Dispose();
    }

    /// <summary><c>mimir_sequences</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Layout
    {
        public long Steps;
        public int* Offsets;
        public int* Streams;
        public bool* Begins;
    }
}
