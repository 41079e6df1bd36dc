using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

/// <summary>A batch of sequences, kept: the table rows as packed and by sequence.</summary>
internal sealed record Dealt(int[] Rows, int[][] Frames, int[] Slots, bool[] Begins)
{
    public static Dealt Of(FrameBatch batch)
    {
        var layout = batch.Sequences ?? throw new ArgumentException("a batch without sequences", nameof(batch));
        var frames = new int[layout.Sequences][];
        for (var s = 0; s < frames.Length; s++)
        {
            frames[s] = new int[layout.Lengths[s]];
            for (var t = 0; t < frames[s].Length; t++)
                frames[s][t] = batch.Rows[layout.RowOf(s, t)];
        }

        Assert.Equal(layout.Rows, batch.Rows.Length);
        return new(batch.Rows.ToArray(), frames, layout.Streams.ToArray(), layout.Begins.ToArray());
    }

    /// <summary>The share of a rectangle around the batches that would be padding.</summary>
    public static double Padding(IReadOnlyList<Dealt> batches)
    {
        var rectangle = batches.Sum(batch => (double)batch.Frames.Length * batch.Frames[0].Length);
        return 1 - (batches.Sum(batch => batch.Rows.Length) / rectangle);
    }

    public bool Equals(Dealt? other) => other is not null && Rows.AsSpan().SequenceEqual(other.Rows)
        && Slots.AsSpan().SequenceEqual(other.Slots) && Begins.AsSpan().SequenceEqual(other.Begins);

    public override int GetHashCode() => HashCode.Combine(Rows.Length, Rows[0]);
}
