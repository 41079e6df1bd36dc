using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>
/// Collectives around a ring: a sum is a reduce-scatter and an all-gather, each worker sending 2 (N - 1) / N of the data
/// whatever the number N of workers (Patarasu and Yuan, "Bandwidth optimal all-reduce algorithms", 2009). The data flow
/// in chunks, so that a chunk is passed on while the next one is on its way.
/// </summary>
/// <remarks>Part p is summed in the order of places p + 1, p + 2, … around the ring to p.</remarks>
public sealed class RingCollective : ICollective
{
    private readonly GroupChannel _channel;
    private readonly int _chunk;

    /// <summary>Joins the ring.</summary>
    /// <param name="transport">Joins this worker to its neighbours in the ring.</param>
    /// <param name="group">The members in the ring's order; null: all workers, in the order of their ranks.</param>
    /// <param name="channel">The channel of the transport; nobody else uses it at the same time.</param>
    /// <param name="chunk">The elements that travel at a time.</param>
    public RingCollective(ITransport transport, WorkerGroup? group = null, int channel = 0, int chunk = 1 << 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunk, 1);
        _channel = new(transport, group ?? WorkerGroup.All(transport.WorldSize), channel);
        _chunk = chunk;
    }

    /// <inheritdoc/>
    public WorkerGroup Group => _channel.Group;

    /// <inheritdoc/>
    public int Index => _channel.Index;

    private int Size => _channel.Size;

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
        ReduceScatterSum(values);
        AllGather(values);
    }

    /// <inheritdoc/>
    public void ReduceScatterSum(Span<float> values)
    {
        // After step s this worker holds the sum of s + 2 workers in part (index - s - 2); after the last, its own is whole.
        for (var step = 0; step < Size - 1; step++)
        {
            var outgoing = Parts.Around(values, Size, Index - step - 1);
            var target = Parts.Around(values, Size, Index - step - 2);
            for (var begin = 0; begin < Math.Max(outgoing.Length, target.Length); begin += _chunk)
            {
                Send(Chunk(outgoing, begin));
                var chunk = Chunk(target, begin);
                if (chunk.Length > 0)
                    _channel.ReceiveAndAdd(Index - 1, chunk);
            }
        }
    }

    /// <inheritdoc/>
    public void AllGather(Span<float> values)
    {
        for (var step = 0; step < Size - 1; step++)
        {
            var outgoing = Parts.Around(values, Size, Index - step);
            var target = Parts.Around(values, Size, Index - step - 1);
            for (var begin = 0; begin < Math.Max(outgoing.Length, target.Length); begin += _chunk)
            {
                Send(Chunk(outgoing, begin));
                Receive(Index - 1, Chunk(target, begin));
            }
        }
    }

    /// <inheritdoc/>
    public void ReduceSum(Span<float> values, int root)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)root, (uint)Size, nameof(root));
        ReduceScatterSum(values);
        if (Index != root)
        {
            InChunks(Parts.Around(values, Size, Index), root, send: true);
            return;
        }

        for (var other = 0; other < Size; other++)
        {
            if (other != root)
                InChunks(Parts.Around(values, Size, other), other, send: false);
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<float> values, int root)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)root, (uint)Size, nameof(root));
        var last = (root + Size - 1) % Size;
        for (var begin = 0; begin < values.Length; begin += _chunk)
        {
            var chunk = Chunk(values, begin);
            if (Index != root)
                Receive(Index - 1, chunk);
            if (Index != last)
                Send(chunk);
        }
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        // After round k everyone has a message, directly or not, of 2^k workers.
        for (var distance = 1; distance < Size; distance *= 2)
        {
            _channel.Send(Index + distance, ReadOnlySpan<byte>.Empty);
            _channel.Receive(Index - distance, Span<byte>.Empty);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The caller disposes of the transport.
    }

    private Span<float> Chunk(Span<float> part, int begin) =>
        begin >= part.Length ? [] : part.Slice(begin, Math.Min(_chunk, part.Length - begin));

    private void Send(ReadOnlySpan<float> chunk)
    {
        if (chunk.Length > 0)
            _channel.Send(Index + 1, chunk);
    }

    private void Receive(int from, Span<float> chunk)
    {
        if (chunk.Length > 0)
            _channel.Receive(from, chunk);
    }

    private void InChunks(Span<float> part, int peer, bool send)
    {
        for (var begin = 0; begin < part.Length; begin += _chunk)
        {
            if (send)
                _channel.Send(peer, Chunk(part, begin));
            else
                Receive(peer, Chunk(part, begin));
        }
    }
}
