using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>
/// Ring AllReduce: a reduce-scatter and an all-gather around a ring, each worker sending 2 (N - 1) / N of the data
/// whatever the number N of workers (Patarasu and Yuan, "Bandwidth optimal all-reduce algorithms", 2009).
/// </summary>
/// <param name="transport">Joins this worker to its neighbours in the ring.</param>
public sealed class RingCollective(ITransport transport) : ICollective
{
    private const int ReduceTag = 1;
    private const int GatherTag = 2;

    private readonly ITransport _transport = transport;
    private float[] _incoming = [];

    /// <inheritdoc/>
    public int Rank => _transport.Rank;

    /// <inheritdoc/>
    public int WorldSize => _transport.WorldSize;

    private int Next => (Rank + 1) % WorldSize;

    private int Previous => (Rank + WorldSize - 1) % WorldSize;

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
        if (WorldSize == 1)
            return;

        ReduceScatter(values);
        AllGather(values);
    }

    // After step s this worker holds the sum of s + 2 workers' values in part (rank - s - 1); after the last, part (rank + 1) is whole.
    private void ReduceScatter(Span<float> values)
    {
        for (var step = 0; step < WorldSize - 1; step++)
        {
            Send(ReduceTag, Part(values, Rank - step));
            var target = Part(values, Rank - step - 1);
            TensorPrimitives.Add(Receive(ReduceTag, target.Length), target, target);
        }
    }

    private void AllGather(Span<float> values)
    {
        for (var step = 0; step < WorldSize - 1; step++)
        {
            Send(GatherTag, Part(values, Rank + 1 - step));
            var target = Part(values, Rank - step);
            Receive(GatherTag, target.Length).CopyTo(target);
        }
    }

    /// <summary>One of N parts that differ by at most one element; <paramref name="index"/> is taken around the ring.</summary>
    private Span<float> Part(Span<float> values, int index)
    {
        var part = ((index % WorldSize) + WorldSize) % WorldSize;
        var begin = (int)((long)values.Length * part / WorldSize);
        var end = (int)((long)values.Length * (part + 1) / WorldSize);
        return values[begin..end];
    }

    private void Send(int tag, ReadOnlySpan<float> part) => _transport.Send(Next, tag, MemoryMarshal.AsBytes(part));

    private ReadOnlySpan<float> Receive(int tag, int length)
    {
        if (_incoming.Length < length)
            _incoming = new float[length];

        var part = _incoming.AsSpan(0, length);
        _transport.Receive(Previous, tag, MemoryMarshal.AsBytes(part));
        return part;
    }
}
