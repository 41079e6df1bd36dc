using System.Buffers;

namespace Mimir.Core.Tensors;

/// <summary>The values of a tensor on the host, as memory that other threads may hold.</summary>
/// <param name="tensor">Float32 on the CPU.</param>
internal sealed unsafe class HostMemory(Tensor tensor) : MemoryManager<float>
{
    public override Span<float> GetSpan() => tensor.AsSpan();

    public override MemoryHandle Pin(int elementIndex = 0) => new((float*)tensor.Data + elementIndex);

    public override void Unpin()
    {
        // The memory of a tensor never moves.
    }

    protected override void Dispose(bool disposing)
    {
        // The tensor owns it.
    }
}
