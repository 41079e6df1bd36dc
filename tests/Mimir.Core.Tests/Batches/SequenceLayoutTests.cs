using Mimir.Core.Batches;

namespace Mimir.Core.Tests.Batches;

public sealed class SequenceLayoutTests
{
    [Fact]
    public void Rows_of_ragged_sequences_are_packed_step_by_step()
    {
        var layout = new SequenceLayout([4, 2, 2, 1]);

        Assert.Equal([0, 4, 7, 8, 9], layout.Offsets.ToArray());
        Assert.Equal((4, 4, 9), (layout.Sequences, layout.Steps, layout.Rows));
        Assert.Equal(6, layout.RowOf(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.RowOf(3, 1));
    }

    [Fact]
    public void Every_frame_has_one_row()
    {
        var layout = new SequenceLayout([7, 7, 5, 3, 1, 1]);

        var rows = new List<int>();
        for (var s = 0; s < layout.Sequences; s++)
        {
            for (var t = 0; t < layout.Lengths[s]; t++)
                rows.Add(layout.RowOf(s, t));
        }

        Assert.Equal(Enumerable.Range(0, layout.Rows), rows.Order());
    }

    [Fact]
    public void Neighbours_stay_in_their_sequence_and_repeat_its_ends()
    {
        var layout = new SequenceLayout([3, 1]);

        Assert.Equal([2, 1, 3, 3], layout.Neighbours(1));
        Assert.Equal([0, 1, 0, 2], layout.Neighbours(-1));
        Assert.Equal([3, 1, 3, 3], layout.Neighbours(5));
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1, 2 })]
    [InlineData(new[] { 2, 0 })]
    public void Lengths_that_rise_or_are_empty_are_an_error(int[] lengths) =>
        Assert.Throws<ArgumentException>(() => new SequenceLayout(lengths));

    [Fact]
    public void A_stream_appears_once()
    {
        Assert.Throws<ArgumentException>(() => new SequenceLayout([2, 2], [1, 1], [true, false]));
        Assert.Throws<ArgumentException>(() => new SequenceLayout([2, 2], [1], [true]));
    }
}
