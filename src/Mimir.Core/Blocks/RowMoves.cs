using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>Rows of a matrix by number: copied together, and added up again.</summary>
internal static class RowMoves
{
    /// <summary>Writes <c>to[i] = from[rows[i]]</c>.</summary>
    /// <param name="from">The matrix to read.</param>
    /// <param name="rows">The row of <paramref name="from"/> for each row of <paramref name="to"/>.</param>
    /// <param name="to">The matrix to write.</param>
    public static void Gather(Tensor from, int[] rows, Tensor to)
    {
        if (Kernels.Take(to))
        {
            Kernels.Check(Kernels.mimir_gather_rows(from.Rows, from.Columns, from, rows, rows.Length, to));
            return;
        }

        using var index = Tensor.Indices(Device.Of(from), rows);
        using var gathered = from.index_select(0, index);
        to.copy_(gathered);
    }

    /// <summary>Adds <c>to[rows[i]] += from[i]</c>.</summary>
    /// <param name="from">The matrix to read.</param>
    /// <param name="rows">The row of <paramref name="to"/> for each row of <paramref name="from"/>.</param>
    /// <param name="to">The matrix to add to.</param>
    public static void ScatterAdd(Tensor from, int[] rows, Tensor to)
    {
        if (Kernels.Take(to))
        {
            Kernels.Check(Kernels.mimir_scatter_add_rows(to.Rows, to.Columns, from, rows, rows.Length, to));
            return;
        }

        using var index = Tensor.Indices(Device.Of(to), rows);
        Add(from, index, to);
    }

    /// <summary>The same in TorchSharp's operations, in an order that does not change from call to call.</summary>
    /// <param name="from">The matrix to read.</param>
    /// <param name="rows">The row numbers as indices on the device.</param>
    /// <param name="to">The matrix to add to.</param>
    public static void Add(Tensor from, Tensor rows, Tensor to)
    {
        // index_add_ goes row by row on the CPU but adds atomically on CUDA, where index_put_ sorts first.
        if (to.device_type == DeviceType.CPU)
            to.index_add_(0, rows, from, Scalars.Of(1));
        else
            to.index_put_(from, [rows], accumulate: true);
    }
}
