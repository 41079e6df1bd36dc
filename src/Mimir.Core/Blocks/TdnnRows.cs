using Mimir.Core.Graph;

namespace Mimir.Core.Blocks;

/// <summary>The rows that a time-delay layer takes in one batch.</summary>
/// <param name="Taken">For each offset in turn the row that each computed frame takes.</param>
/// <param name="Count">The number of computed frames.</param>
/// <param name="Held">For each row of the batch the computed frame whose value it has, or null when each has its own.</param>
internal sealed record TdnnRows(int[] Taken, int Count, int[]? Held)
{
    /// <summary>The rows of a batch of frames that stand alone, of which the layer takes each by itself.</summary>
    public static TdnnRows Alone(int count) => new([.. Enumerable.Range(0, count)], count, null);

    /// <summary>The rows of a batch of sequences.</summary>
    public static TdnnRows Of(SequenceLayout sequences, IReadOnlyList<int> offsets, int stride)
    {
        if (stride == 1)
            return new([.. offsets.SelectMany(sequences.Neighbours)], sequences.Rows, null);

        var computed = new List<int>();
        var held = new int[sequences.Rows];
        for (var t = 0; t < sequences.Steps; t++)
        {
            var (begin, end) = (sequences.Offsets[t], sequences.Offsets[t + 1]);
            for (var row = begin; row < end; row++)
            {
                held[row] = t % stride == 0 ? computed.Count : held[sequences.Offsets[t - 1] + row - begin];
                if (t % stride == 0)
                    computed.Add(row);
            }
        }

        return new(
            [.. offsets.SelectMany(offset => { var all = sequences.Neighbours(offset); return computed.Select(row => all[row]); })],
            computed.Count, held);
    }
}
