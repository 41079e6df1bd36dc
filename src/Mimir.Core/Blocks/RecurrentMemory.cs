using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>What one direction of a recurrent layer keeps: room for the passes of the largest batch seen, and the streams' state.</summary>
/// <param name="stateDim">The values of a stream's state; 0 when the direction carries none from batch to batch.</param>
internal sealed class RecurrentMemory(int stateDim) : IDisposable
{
    private Device _device;
    private ElementType _type;
    private Tensor? _workspace;

    /// <summary>Gets the state of each stream, <c>[streams, stateDim]</c>; null before a stream is known.</summary>
    public Tensor? State { get; private set; }

    public void Bind(Device device, ElementType type) => (_device, _type) = (device, type);

    /// <summary>At least so many elements; what they hold stays until a larger batch comes.</summary>
    public Tensor Workspace(long elements)
    {
        if (_workspace is null || _workspace.Count < elements)
        {
            _workspace?.Dispose();
            _workspace = Tensor.Zeros(_device, [elements], _type);
        }

        return _workspace;
    }

    public void ReserveStreams(int streams)
    {
        if (stateDim == 0 || streams <= (State?.Rows ?? 0))
            return;

        var larger = Tensor.Zeros(_device, [streams, stateDim], _type);
        if (State is { } known)
        {
            using var kept = larger.RowRange(0, known.Rows);
            kept.CopyFrom(known);
            known.Dispose();
        }

        State = larger;
    }

    public void Dispose()
    {
        _workspace?.Dispose();
        State?.Dispose();
        (_workspace, State) = (null, null);
    }
}
