using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Recipes;
using Mimir.Train.Transcription.Streaming;

namespace Mimir.Train.Tests.Transcription.Streaming;

public sealed class RunningNormalisationTests
{
    private static readonly CmvnRecipe Speaker = new() { Per = CmvnScope.Speaker, NormVars = true };

    [Fact]
    public void A_short_stream_is_normalised_as_a_whole()
    {
        var whole = Frames(RunningNormalisation.Wait - 1);
        var normalisation = new RunningNormalisation(Speaker, null);

        Assert.Equal(0, normalisation.Accept(Frames(RunningNormalisation.Wait - 1)).Rows);
        var normalised = normalisation.Accept(new FloatMatrix(0, 2), isLast: true);

        var statistics = new CmvnStatistics(2);
        statistics.Accumulate(whole);
        statistics.Apply(whole, normVars: true);
        Assert.Equal(whole.Data, normalised.Data);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(77)]
    public void A_long_stream_does_not_depend_on_pieces_and_follows_the_speaker(int piece)
    {
        var (one, other) = (new RunningNormalisation(Speaker, null), new RunningNormalisation(Speaker, null));
        var frames = Frames(20_000);
        for (var t = 10_000; t < frames.Rows; t++)
            frames[t, 0] += 100;

        var once = one.Accept(frames, isLast: true);
        var pieces = new List<FloatMatrix>();
        for (var first = 0; first < frames.Rows; first += piece)
        {
            var count = Math.Min(piece, frames.Rows - first);
            pieces.Add(other.Accept(new(count, 2, frames.Data[(2 * first)..(2 * (first + count))]), first + count == frames.Rows));
        }

        Assert.Equal(once.Data, FeatureFrames.Concatenate(pieces).Data);
        Assert.InRange(Mean(once, 9000, 10_000), -0.2f, 0.2f);
        Assert.InRange(Mean(once, 19_000, 20_000), 0, 1.2f);
        Assert.InRange(Mean(once, 10_000, 10_100), 2, 1000);
    }

    [Fact]
    public void Global_statistics_hold_from_the_first_frame()
    {
        var statistics = new CmvnStatistics(2);
        statistics.Accumulate(Frames(50));
        var expected = Frames(3);
        statistics.Apply(expected, normVars: false);

        var frames = new RunningNormalisation(new() { Per = CmvnScope.Global }, statistics).Accept(Frames(3));

        Assert.Equal(expected.Data, frames.Data);
        Assert.Equal(Frames(3).Data, new RunningNormalisation(new() { Per = CmvnScope.None }, statistics).Accept(Frames(3)).Data);
    }

    private static float Mean(FloatMatrix matrix, int first, int end) =>
        Enumerable.Range(first, end - first).Average(t => matrix[t, 0]);

    private static FloatMatrix Frames(int count) =>
        new(count, 2, [.. Enumerable.Range(0, 2 * count).Select(i => (float)(5 + Math.Sin(i * 0.7 * i)))]);
}
