using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>The steps of a packed batch for the reference formulas of recurrent layers, in one direction of time.</summary>
/// <remarks>Its tensors are views and copies that the dispose scope of the caller takes care of.</remarks>
/// <param name="layout">The batch.</param>
/// <param name="reverse">True when the recurrence goes from the last frame to the first.</param>
internal sealed class PackedSteps(SequenceLayout layout, bool reverse)
{
    /// <summary>Gets the steps in the order of the recurrence.</summary>
    public IEnumerable<int> InOrder => reverse ? Enumerable.Range(0, layout.Steps).Reverse() : Enumerable.Range(0, layout.Steps);

    /// <summary>The rows of a step.</summary>
    public Tensor Of(Tensor matrix, int step) => matrix.RowRange(layout.Offsets[step], Count(step));

    /// <summary>For each row of a step the row that the recurrence comes from: of the step before, or of the initial values.</summary>
    public Tensor Before(Tensor matrix, Tensor initial, int step)
    {
        var (known, count) = (Shared(matrix, step, reverse ? step + 1 : step - 1), Count(step));
        if (known is null)
            return initial.RowRange(0, count);

        var missing = count - known.Rows;
        return missing == 0 ? known : torch.cat([known, initial.RowRange(known.Rows, missing)]);
    }

    /// <summary>The rows of the step that the recurrence goes to, for the first rows of this step; null when there is none.</summary>
    public Tensor? After(Tensor matrix, int step) => Shared(matrix, step, reverse ? step - 1 : step + 1);

    /// <summary>For each row of the batch the row that the recurrence comes from.</summary>
    public Tensor AllBefore(Tensor matrix, Tensor initial)
    {
        // Row numbers in the initial values followed by the rows of the batch.
        var rows = new int[layout.Rows];
        for (var t = 0; t < layout.Steps; t++)
        {
            var before = reverse ? t + 1 : t - 1;
            for (var s = 0; s < Count(t); s++)
                rows[layout.Offsets[t] + s] = s < Count(before) ? layout.Sequences + layout.Offsets[before] + s : s;
        }

        return torch.cat([initial, matrix]).index_select(0, Tensor.Indices(Device.Of(matrix), rows));
    }

    /// <summary>Writes the values that each sequence starts from: those that its stream carries, or zeros.</summary>
    /// <param name="state">The carried values, <c>[streams, D]</c>; null when nothing is carried.</param>
    /// <param name="initial">The tensor to write, <c>[sequences, D]</c>.</param>
    public void Load(Tensor? state, Tensor initial)
    {
        if (state is null || layout.Streams.IsEmpty)
        {
            initial.fill_(Scalars.Of(0));
            return;
        }

        initial.copy_(state.index_select(0, Tensor.Indices(Device.Of(state), layout.Streams)));
        for (var s = 0; s < layout.Sequences; s++)
        {
            if (layout.Begins[s])
                initial.RowRange(s, 1).fill_(Scalars.Of(0));
        }
    }

    /// <summary>Writes the values at the last frame of each sequence to the state of its stream.</summary>
    /// <param name="values">The values of all frames, <c>[N, D]</c>.</param>
    /// <param name="state">The carried values, <c>[streams, D]</c>; null when nothing is carried.</param>
    public void Save(Tensor values, Tensor? state)
    {
        if (state is null || layout.Streams.IsEmpty)
            return;

        var ends = new int[layout.Sequences];
        for (var s = 0; s < ends.Length; s++)
            ends[s] = layout.RowOf(s, layout.Lengths[s] - 1);
        var device = Device.Of(state);
        state.index_copy_(
            0, Tensor.Indices(device, layout.Streams), values.index_select(0, Tensor.Indices(device, ends)));
    }

    private int Count(int step) => step >= 0 && step < layout.Steps ? layout.Offsets[step + 1] - layout.Offsets[step] : 0;

    // The rows of a neighbouring step that belong to sequences of this step.
    private Tensor? Shared(Tensor matrix, int step, int neighbour)
    {
        var count = Math.Min(Count(step), Count(neighbour));
        return count == 0 ? null : matrix.RowRange(layout.Offsets[neighbour], count);
    }
}
