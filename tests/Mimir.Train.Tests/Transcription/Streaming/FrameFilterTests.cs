using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Transcription.Streaming;

namespace Mimir.Train.Tests.Transcription.Streaming;

public sealed class FrameFilterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(7, 25)]
    [InlineData(200, 25)]
    public void Deltas_in_pieces_are_those_of_the_whole(int piece, int step)
    {
        var frames = Frames(103);
        var filter = new FrameFilter(new(4, 4), step, matrix => Deltas.Add(matrix));

        var outputs = new List<FloatMatrix>();
        for (var first = 0; first < frames.Rows; first += piece)
            outputs.AddRange(filter.Accept(Part(frames, first, Math.Min(piece, frames.Rows - first))));
        outputs.AddRange(filter.Accept(new(0, 0), isLast: true));

        Assert.All(outputs.SkipLast(1), output => Assert.Equal(step, output.Rows));
        Assert.Equal(Deltas.Add(frames).Data, FeatureFrames.Concatenate(outputs).Data);
    }

    [Fact]
    public void Restart_forgets_what_was_before()
    {
        var filter = new FrameFilter(new(FrameReach.Whole, 1), 5, Sums);

        var first = filter.Accept(Part(Frames(20), 0, 11)).ToList();
        filter.Restart();
        var second = filter.Accept(new(0, 0), isLast: true).ToList();

        Assert.Equal(Sums(Part(Frames(20), 0, 10)).Data, FeatureFrames.Concatenate(first).Data);
        Assert.Equal(Sums(Part(Frames(20), 10, 1)).Data, Assert.Single(second).Data);
    }

    [Fact]
    public void Find_sees_how_far_an_output_looks()
    {
        Assert.Equal(new FrameReach(4, 4), FrameReach.Find(3, matrix => Deltas.Add(matrix)));
        Assert.Equal(new FrameReach(0, 0), FrameReach.Find(3, matrix => matrix));
        Assert.Equal(new FrameReach(3, 0), FrameReach.Find(3, matrix => FeatureFrames.Shift(matrix, 3)));
        Assert.Equal(new FrameReach(FrameReach.Whole, 0), FrameReach.Find(3, Sums));
        Assert.Equal(FrameReach.Whole, FrameReach.Find(3, matrix => Backwards(Sums(Backwards(matrix)))).After);
    }

    // Sums from the first frame on: what a recurrent layer is like.
    private static FloatMatrix Sums(FloatMatrix matrix)
    {
        var sums = new FloatMatrix(matrix.Rows, matrix.Columns, [.. matrix.Data]);
        for (var i = matrix.Columns; i < sums.Data.Length; i++)
            sums.Data[i] += sums.Data[i - matrix.Columns];

        return sums;
    }

    private static FloatMatrix Backwards(FloatMatrix matrix) =>
        new(matrix.Rows, matrix.Columns, [.. Enumerable.Range(0, matrix.Rows).Reverse().SelectMany(t => matrix.Row(t).ToArray())]);

    private static FloatMatrix Frames(int count) =>
        new(count, 3, [.. Enumerable.Range(0, 3 * count).Select(i => (float)Math.Sin(i * i))]);

    private static FloatMatrix Part(FloatMatrix matrix, int first, int count) =>
        new(count, matrix.Columns, matrix.Data[(first * matrix.Columns)..((first + count) * matrix.Columns)]);
}
