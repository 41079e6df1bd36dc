using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>A matrix of a block with as many rows as the batch needs; it grows and never shrinks.</summary>
/// <param name="columns">The number of columns.</param>
internal sealed class RowBuffer(int columns) : IDisposable
{
    private Device _device;
    private ScalarType _type;
    private Tensor? _buffer, _view;

    public void Bind(Device device, ScalarType type) => (_device, _type) = (device, type);

    /// <summary>A <c>[rows, columns]</c> tensor that belongs to this object, with the values of the last call of as many rows.</summary>
    public Tensor For(int rows)
    {
        if (_view?.Rows == rows)
            return _view;

        _view?.Dispose();
        if (_buffer is null || _buffer.Rows < rows)
        {
            _buffer?.Dispose();
            _buffer = Tensor.Zeros(_device, [rows, columns], _type).DetachFromDisposeScope();
        }

        return _view = _buffer.RowRange(0, rows).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        _view?.Dispose();
        _buffer?.Dispose();
        (_view, _buffer) = (null, null);
    }
}

/// <summary>The memory of one direction of a recurrent layer: the workspace of a pass, and the state of the streams.</summary>
/// <param name="stateDim">The number of state values of a stream; 0 for a direction without state from batch to batch.</param>
/// <param name="workspaceSize">The number of workspace elements that a pass over some sequences needs.</param>
internal sealed class RecurrentBuffers(int stateDim, Func<SequenceLayout, long> workspaceSize) : IDisposable
{
    private Device _device;
    private ScalarType _type;
    private Tensor? _workspace;
    private SequenceLayout? _sequences;

    /// <summary>Gets the state of each stream, <c>[streams, stateDim]</c>; null before the first stream.</summary>
    public Tensor? State { get; private set; }

    public void Bind(Device device, ScalarType type) => (_device, _type) = (device, type);

    /// <summary>The workspace of a pass. The backward pass over the same sequences finds what the forward pass left in it.</summary>
    public Tensor WorkspaceFor(SequenceLayout sequences)
    {
        if (_workspace is not null && ReferenceEquals(sequences, _sequences))
            return _workspace;

        var elements = workspaceSize(sequences);
        if (_workspace is null || _workspace.Count < elements)
        {
            _workspace?.Dispose();
            _workspace = Tensor.Zeros(_device, [elements], _type);
        }

        _sequences = sequences;
        return _workspace;
    }

    /// <summary>Extends <see cref="State"/> to a number of streams; states so far stay, new ones are 0.</summary>
    public void ReserveStreams(int streams)
    {
        if (stateDim == 0 || streams <= (State?.Rows ?? 0))
            return;

        var larger = Tensor.Zeros(_device, [streams, stateDim], _type);
        if (State is { } known)
        {
            using var kept = larger.RowRange(0, known.Rows);
            kept.copy_(known);
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
