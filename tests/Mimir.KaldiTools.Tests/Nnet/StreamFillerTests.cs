using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Tests.Nnet;

public sealed class StreamFillerTests
{
    [Fact]
    public void Batches_go_on_with_each_stream_and_end_where_one_cannot_be_filled()
    {
        var batches = Batches(2, 3, 7, 3, 5, 4, 2);

        // Utterance 0 lasts for three batches; utterance 1 gives way to 2, 2 to 4, and nothing follows on 4.
        Assert.Equal(
            ["0 100 | 1 101 | 2 102", "3 200 | 4 201 | 5 202", "203 6 | 204", "300 400 | 301 401 | 302"],
            batches.Select(SomeUtterances.Text));
        Assert.Equal([[0, 1], [0, 1], [1, 0], [0, 1]], batches.Select(batch => batch.Streams));
        Assert.Equal([[true, true], [false, true], [false, false], [true, true]], batches.Select(batch => batch.Begins));
        Assert.Equal([2, 1, 0, 2], batches.Select(batch => batch.Started));
        Assert.Equal([false, false, false, true], batches.Select(batch => batch.IsLast));
        Assert.All(batches, batch => Assert.Equal(6, batch.PaddedFrames));
    }

    [Fact]
    public void Batches_have_the_target_and_the_weight_of_each_frame()
    {
        foreach (var batch in Batches(3, 4, 9, 2, 6, 8, 1, 5))
        {
            Assert.Equal(batch.Features.Select(value => (int)value), batch.Targets.Classes.ToArray());
            Assert.Equal(batch.Features.Select(value => value + 0.5f), batch.Weights);
            Assert.Equal(batch.Lengths.Sum(), batch.Frames);
        }
    }

    [Fact]
    public void Batches_of_fewer_utterances_than_streams_are_none() => Assert.Empty(Batches(3, 4, 9, 2));

    [Fact]
    public void Batches_transform_what_is_used_of_an_utterance()
    {
        var utterance = SomeUtterances.Of(6)[0] with { Weights = [1, 1, 1, 1] };
        var filler = new StreamFiller(
            1, 10, features => new FloatMatrix(features.Rows, 2, [.. features.Data.SelectMany(v => new[] { v, -v })]));

        var batch = Assert.Single(filler.Batches([utterance]));

        Assert.Equal([0, 0, 1, -1, 2, -2, 3, -3], batch.Features);
        Assert.Equal(2, batch.Dim);
    }

    private static List<SequenceBatch> Batches(int streams, int frames, params int[] lengths) =>
        [.. new StreamFiller(streams, frames, features => features).Batches(SomeUtterances.Of(lengths))];
}
