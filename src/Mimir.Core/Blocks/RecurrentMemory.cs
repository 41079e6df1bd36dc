using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>What one direction of a recurrent layer keeps: room for the passes of the largest batch seen, and the streams' state.</summary>
/// <param name="stateDim">The values of a stream's state; 0 when the direction carries none from batch to batch.</param>
/// <param name="workspaceOf">The elements that a pass over some sequences needs.</param>
internal sealed class RecurrentMemory(int stateDim, Func<SequenceLayout, long> workspaceOf) : IDisposable
{
    private Device _device;
    private ElementType _type;
    private Tensor? _workspace;
    private SequenceLayout? _sequences;

    /// <summary>Gets the state of each stream, <c>[streams, stateDim]</c>; null before a stream is known.</summary>
    public Tensor? State { get; private set; }

    public void Bind(Device device, ElementType type) => (_device, _type) = (device, type);

    /// <summary>Room for a pass; what the forward pass leaves is there in the backward pass over the same sequences.</summary>
    public Tensor WorkspaceFor(SequenceLayout sequences)
    {
        if (_workspace is not null && ReferenceEquals(sequences, _sequences))
            return _workspace;

        var elements = workspaceOf(sequences);
        if (_workspace is null || _workspace.Count < elements)
        {
            _workspace?.Dispose();
            _workspace = Tensor.Zeros(_device, [elements], _type);
        }

        _sequences = sequences;
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
