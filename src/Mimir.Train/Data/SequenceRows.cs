using Mimir.Core.Batches;

namespace Mimir.Train.Data;

/// <summary>The rows of a packed batch whose sequences lie in one piece in the frame table.</summary>
internal static class SequenceRows
{
    /// <summary>Writes the table row of every packed row.</summary>
    /// <param name="layout">How the sequences are packed.</param>
    /// <param name="firsts">The first table row of each sequence.</param>
    /// <param name="rows">Receives them; grown where it is too small.</param>
    /// <returns>As many rows as the layout has.</returns>
    public static ReadOnlySpan<int> Fill(SequenceLayout layout, scoped ReadOnlySpan<int> firsts, ref int[] rows)
    {
        if (rows.Length < layout.Rows)
            rows = new int[layout.Rows];

        var row = 0;
        for (var step = 0; step < layout.Steps; step++)
        {
            var alive = layout.Offsets[step + 1] - layout.Offsets[step];
            for (var sequence = 0; sequence < alive; sequence++)
                rows[row++] = firsts[sequence] + step;
        }

        return rows.AsSpan(0, row);
    }
}
