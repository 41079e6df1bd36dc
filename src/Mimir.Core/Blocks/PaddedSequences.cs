using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>Packed sequences side by side, the shorter ones filled up with zeros: for what looks at many frames at once.</summary>
/// <param name="layout">The packing.</param>
/// <param name="device">The device of the tensors.</param>
internal sealed class PaddedSequences(SequenceLayout layout, torch.Device device)
{
    private readonly Tensor _rows = Indices(layout, isPadded: true, device);
    private readonly Tensor _places = Indices(layout, isPadded: false, device);

    /// <summary>Gets the frames of each sequence as <c>[S, 1]</c>.</summary>
    public Tensor Lengths { get; } = torch.tensor(
        Array.ConvertAll(layout.Lengths.ToArray(), length => (long)length), device: device).unsqueeze(1);

    /// <summary>Gets the number of frames of the longest sequence, T.</summary>
    public int Steps => layout.Steps;

    /// <summary>A mask <c>[S, T]</c>, true where a sequence has a frame.</summary>
    public Tensor Mask() => Tensor.Range(layout.Steps, Lengths.device).unsqueeze(0).lt(Lengths);

    /// <summary>Pads packed rows.</summary>
    /// <param name="x"><c>[N, D]</c>.</param>
    /// <returns><c>[S, T, D]</c>.</returns>
    public Tensor Pad(Tensor x) =>
        x.index_select(0, _rows).view(layout.Sequences, layout.Steps, x.size(1)) * Mask().unsqueeze(2).to(x.dtype);

    /// <summary>Packs padded rows.</summary>
    /// <param name="x"><c>[S, T, D]</c>.</param>
    /// <returns><c>[N, D]</c>.</returns>
    public Tensor Pack(Tensor x) => x.reshape(-1, x.size(2)).index_select(0, _places);

    // The packed row of each padded place, or the padded place of each packed row.
    private static Tensor Indices(SequenceLayout layout, bool isPadded, torch.Device device)
    {
        var indices = new long[isPadded ? layout.Sequences * layout.Steps : layout.Rows];
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            for (var step = 0; step < layout.Lengths[sequence]; step++)
            {
                var (place, row) = ((sequence * layout.Steps) + step, layout.RowOf(sequence, step));
                indices[isPadded ? place : row] = isPadded ? row : place;
            }
        }

        return torch.tensor(indices, device: device);
    }
}
