using Mimir.Core.Batches;
using Mimir.Train.Data;

namespace Mimir.Train.Quarantine;

/// <summary>Takes frames out of a batch; of sequences, whole ones.</summary>
internal static class BatchFilter
{
    /// <summary>The part of a batch that is kept; without rows when nothing is.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="keeps">True for a row of the table that stays. Of a sequence its first row decides.</param>
    public static FrameBatch Where(FrameBatch batch, Predicate<int> keeps)
    {
        if (batch.Sequences is { } layout)
            return OfSequences(batch, layout, keeps);

        var (rows, context) = (new List<int>(batch.Rows.Length), new List<bool>());
        for (var i = 0; i < batch.Rows.Length; i++)
        {
            if (!keeps(batch.Rows[i]))
                continue;

            rows.Add(batch.Rows[i]);
            if (!batch.Context.IsEmpty)
                context.Add(batch.Context[i]);
        }

        return rows.Count == batch.Rows.Length ? batch : new(rows.ToArray(), null, context.ToArray());
    }

    private static FrameBatch OfSequences(FrameBatch batch, SequenceLayout layout, Predicate<int> keeps)
    {
        var kept = new List<int>();
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            if (keeps(batch.Rows[layout.RowOf(sequence, 0)]))
                kept.Add(sequence);
        }

        return kept.Count == layout.Sequences ? batch : SequenceShare.Of(batch, layout, kept, stream => stream);
    }
}
