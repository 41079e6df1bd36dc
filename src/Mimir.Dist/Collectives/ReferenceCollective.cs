using System.Numerics.Tensors;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>The collectives by their definitions: all send to the first, which adds in order and sends back.</summary>
/// <remarks>Slow: the reference of the tests of the others.</remarks>
/// <param name="transport">Carries the bytes.</param>
/// <param name="group">The members; null: all workers.</param>
/// <param name="channel">The channel of the transport; nobody else uses it at the same time.</param>
public sealed class ReferenceCollective(ITransport transport, WorkerGroup? group = null, int channel = 0) : ICollective
{
    private readonly GroupChannel _channel = new(transport, group ?? WorkerGroup.All(transport.WorldSize), channel);

    /// <inheritdoc/>
    public WorkerGroup Group => _channel.Group;

    /// <inheritdoc/>
    public int Index => _channel.Index;

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
        ReduceSum(values, root: 0);
        Broadcast(values, root: 0);
    }

    /// <inheritdoc/>
    public void ReduceScatterSum(Span<float> values) => AllReduceSum(values);

    /// <inheritdoc/>
    public void AllGather(Span<float> values)
    {
        for (var root = 0; root < _channel.Size; root++)
        {
            var (begin, end) = Parts.Of(values.Length, _channel.Size, root);
            Broadcast(values[begin..end], root);
        }
    }

    /// <inheritdoc/>
    public void ReduceSum(Span<float> values, int root)
    {
        if (Index != root)
        {
            _channel.Send(root, values);
            return;
        }

        var sum = new float[values.Length];
        for (var index = 0; index < _channel.Size; index++)
        {
            if (index == Index)
                TensorPrimitives.Add(sum, values, sum);
            else
                _channel.ReceiveAndAdd(index, sum);
        }

        sum.CopyTo(values);
    }

    /// <inheritdoc/>
    public void Broadcast(Span<float> values, int root)
    {
        if (Index != root)
        {
            _channel.Receive(root, values);
            return;
        }

        for (var index = 0; index < _channel.Size; index++)
        {
            if (index != Index)
                _channel.Send(index, values);
        }
    }

    /// <inheritdoc/>
    public void Barrier() => AllReduceSum([]);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The caller disposes of the transport.
    }
}
