using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>The messages of a group on one channel, with places instead of ranks and floats instead of bytes.</summary>
/// <param name="transport">Carries the bytes.</param>
/// <param name="group">The members; this worker is one of them.</param>
/// <param name="channel">The channel of the transport; nobody else uses it at the same time.</param>
internal sealed class GroupChannel(ITransport transport, WorkerGroup group, int channel)
{
    private readonly Tag _tag = Tag.Of(group, channel);

    public ITransport Transport => transport;

    public WorkerGroup Group => group;

    public int Index { get; } = group.IndexOf(transport.Rank) is >= 0 and var index
        ? index
        : throw new ArgumentException($"worker {transport.Rank} is not in {group}", nameof(group));

    public int Size => group.Size;

    public void Send(int index, ReadOnlySpan<float> values) => Send(index, MemoryMarshal.AsBytes(values));

    public void Send(int index, ReadOnlySpan<byte> bytes) => transport.Send(Rank(index), _tag, bytes);

    public void Receive(int index, Span<float> values) => Receive(index, MemoryMarshal.AsBytes(values));

    public void Receive(int index, Span<byte> bytes) => transport.Receive(Rank(index), _tag, bytes, group);

    /// <summary>Receives values and adds them to the given ones.</summary>
    public void ReceiveAndAdd(int index, Span<float> values)
    {
        using var message = transport.Take(Rank(index), _tag, group);
        TensorPrimitives.Add(
            MemoryMarshal.Cast<byte, float>(message.BytesOf(values.Length * sizeof(float), transport.Rank)), values, values);
    }

    public byte[] ReceiveMessage(int index, int maximum) => transport.ReceiveMessage(Rank(index), _tag, maximum, group);

    /// <summary>The rank of a place, modulo the size of the group.</summary>
    private int Rank(int index) => group.Members[((index % Size) + Size) % Size];
}
