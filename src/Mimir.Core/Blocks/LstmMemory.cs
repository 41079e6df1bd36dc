using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>What one direction of a recurrent layer keeps: room for the passes of the largest batch seen, and the streams' state.</summary>
/// <param name="spec">The layer.</param>
/// <param name="carries">Whether the direction carries state from batch to batch.</param>
internal sealed class LstmMemory(LstmSpec spec, bool carries) : IDisposable
{
    private Device _device;
    private ElementType _type;
    private Tensor? _workspace;

    /// <summary>Gets the state of each stream, cells then outputs, <c>[streams, C + R]</c>; null before a stream is known.</summary>
    public Tensor? State { get; private set; }

    public void Bind(Device device, ElementType type) => (_device, _type) = (device, type);

    public Tensor Workspace(SequenceLayout sequences)
    {
        LibTorch.Check(LibTorch.mimir_lstm_workspace(
            sequences.Rows, sequences.Sequences, spec.Cells, spec.Projection, out var elements));
        if (_workspace is null || _workspace.Count < elements)
        {
            _workspace?.Dispose();
            _workspace = Tensor.Zeros(_device, [elements], _type);
        }

        return _workspace;
    }

    public void ReserveStreams(int streams)
    {
        if (!carries || streams <= (State?.Rows ?? 0))
            return;

        var larger = Tensor.Zeros(_device, [streams, spec.Cells + spec.Outputs], _type);
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
