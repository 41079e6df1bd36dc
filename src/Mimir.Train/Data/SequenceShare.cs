using Mimir.Core.Batches;

namespace Mimir.Train.Data;

/// <summary>Some of the sequences of a batch as a batch of their own.</summary>
internal static class SequenceShare
{
    /// <summary>Packs some sequences anew.</summary>
    /// <param name="whole">The batch.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="own">The sequences, in order.</param>
    /// <param name="streamOf">The number that a stream has in the share.</param>
    /// <returns>The share; without rows when there are no sequences.</returns>
    public static FrameBatch Of(FrameBatch whole, SequenceLayout layout, IReadOnlyList<int> own, Func<int, int> streamOf)
    {
        if (own.Count == 0)
            return default;

        var share = new SequenceLayout(
            Each(own, layout.Lengths, length => length),
            Each(own, layout.Streams, streamOf),
            Each(own, layout.Begins, begins => begins));
        var rows = new int[share.Rows];
        var context = new bool[whole.Context.IsEmpty ? 0 : share.Rows];
        var row = 0;
        for (var step = 0; step < share.Steps; step++)
        {
            var alive = share.Offsets[step + 1] - share.Offsets[step];
            for (var i = 0; i < alive; i++, row++)
            {
                var from = layout.RowOf(own[i], step);
                rows[row] = whole.Rows[from];
                if (context.Length > 0)
                    context[row] = whole.Context[from];
            }
        }

        return new(rows, share, context);
    }

    private static T[] Each<T>(IReadOnlyList<int> own, ReadOnlySpan<T> all, Func<T, T> change)
    {
        if (all.IsEmpty)
            return [];

        var each = new T[own.Count];
        for (var i = 0; i < each.Length; i++)
            each[i] = change(all[own[i]]);

        return each;
    }
}
