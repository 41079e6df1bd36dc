using Mimir.Core.Batches;

namespace Mimir.Train.Data;

/// <summary>The places of the utterances of a table, and their order.</summary>
internal static class UtteranceOrder
{
    /// <summary>The first row of each utterance, and at the end the number of rows.</summary>
    public static int[] FirstRows(ReadOnlySpan<int> lengths)
    {
        var rows = new int[lengths.Length + 1];
        for (var utterance = 0; utterance < lengths.Length; utterance++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(lengths[utterance], nameof(lengths));
            rows[utterance + 1] = checked(rows[utterance] + lengths[utterance]);
        }

        return rows;
    }

    /// <summary>The utterance that a row is of.</summary>
    /// <param name="firstRows">As of <see cref="FirstRows"/>.</param>
    /// <param name="row">The row.</param>
    public static int Of(int[] firstRows, int row)
    {
        var place = Array.BinarySearch(firstRows, row);
        if (place < 0)
            return ~place - 1;

        // Utterances without rows begin where the next one does.
        while (firstRows[place + 1] == row)
            place++;
        return place;
    }

    /// <summary>The utterances that have frames, in order.</summary>
    public static int[] WithFrames(ReadOnlySpan<int> lengths)
    {
        var utterances = new List<int>();
        for (var utterance = 0; utterance < lengths.Length; utterance++)
        {
            if (lengths[utterance] > 0)
                utterances.Add(utterance);
        }

        return [.. utterances];
    }

    /// <summary>Cuts utterances into segments; the last one of each has from half to one and a half of the frames of the others.</summary>
    /// <param name="lengths">The frames of each utterance.</param>
    /// <param name="frames">The frames of a segment, at least 1.</param>
    /// <returns>The frames of each segment.</returns>
    public static int[] Segments(ReadOnlySpan<int> lengths, int frames)
    {
        var segments = new List<int>();
        foreach (var length in lengths)
        {
            var left = length;
            for (; left >= frames + ((frames + 1) / 2); left -= frames)
                segments.Add(frames);

            segments.Add(left);
        }

        return [.. segments];
    }

    /// <summary>Cuts utterances that follow each other into groups of up to some frames; a longer one is a group of its own.</summary>
    /// <param name="lengths">The frames of each utterance.</param>
    /// <param name="frames">The most frames of a group.</param>
    /// <returns>The first utterance of each group, and the one behind its last.</returns>
    public static IEnumerable<(int Begin, int End)> Groups(IReadOnlyList<int> lengths, int frames)
    {
        for (var begin = 0; begin < lengths.Count;)
        {
            var (end, sum) = (begin + 1, (long)lengths[begin]);
            while (end < lengths.Count && sum + lengths[end] <= frames)
                sum += lengths[end++];

            yield return (begin, end);
            begin = end;
        }
    }
}

/// <summary>The rows of a packed batch whose sequences lie in one piece in the frame table.</summary>
internal static class SequenceRows
{
    /// <summary>Writes the table row of every packed row.</summary>
    /// <param name="layout">The packing of the sequences.</param>
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
