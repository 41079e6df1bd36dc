using Mimir.Core.Graph;

namespace Mimir.Core.Blocks;

/// <summary>The chunks of a batch's sequences, each with the frames behind it, as sequences of their own.</summary>
/// <param name="Layout">How the chunks are packed.</param>
/// <param name="Sources">For each row of <paramref name="Layout"/> the row of the batch that it is a copy of.</param>
/// <param name="Own">For each row of the batch the row of <paramref name="Layout"/> where it lies within its own chunk.</param>
internal sealed record ChunkedSequences(SequenceLayout Layout, int[] Sources, int[] Own)
{
    /// <summary>Cuts sequences into chunks.</summary>
    /// <param name="sequences">The batch.</param>
    /// <param name="chunk">The frames of a chunk.</param>
    /// <param name="context">The frames behind it that go along.</param>
    public static ChunkedSequences Of(SequenceLayout sequences, int chunk, int context)
    {
        var chunks = new List<(int Sequence, int Begin, int Length)>();
        for (var s = 0; s < sequences.Sequences; s++)
        {
            var length = sequences.Lengths[s];
            for (var begin = 0; begin < length; begin += chunk)
                chunks.Add((s, begin, (int)Math.Min((long)chunk + context, length - begin)));
        }

        // Sorting is stable, so the packing follows from the lengths alone.
        chunks = [.. chunks.OrderByDescending(piece => piece.Length)];
        var layout = new SequenceLayout([.. chunks.Select(piece => piece.Length)]);
        var (sources, own) = (new int[layout.Rows], new int[sequences.Rows]);
        for (var c = 0; c < chunks.Count; c++)
        {
            var (sequence, begin, length) = chunks[c];
            for (var t = 0; t < length; t++)
            {
                var (row, source) = (layout.RowOf(c, t), sequences.RowOf(sequence, begin + t));
                sources[row] = source;
                if (t < chunk)
                    own[source] = row;
            }
        }

        return new(layout, sources, own);
    }
}
