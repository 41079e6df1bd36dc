using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data;

public sealed class UtteranceDealerTests
{
    private static readonly BatchRecipe Small = new() { Unit = BatchUnit.Utterances, Frames = 1500 };

    // Like speech: from one to some ten seconds, the most at four.
    private static readonly int[] Lengths = Some(500);

    [Fact]
    public void Every_frame_is_dealt_once_an_epoch_in_whole_utterances()
    {
        var dealer = new UtteranceDealer([.. Lengths, 0, 2000], Small, 7);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            dealer.Start(epoch);

            var batches = Deal(dealer);

            Assert.Equal(Enumerable.Range(0, Lengths.Sum() + 2000), batches.SelectMany(batch => batch.Rows).Order());
            Assert.Equal(Lengths.Append(2000).Order(), batches.SelectMany(batch => batch.Frames).Select(frames => frames.Length).Order());
            Assert.All(batches, batch => Assert.True(batch.Rows.Length <= 1500 || batch.Frames.Length == 1));
            Assert.All(batches.SelectMany(batch => batch.Frames), frames =>
                Assert.Equal(Enumerable.Range(frames[0], frames.Length), frames));
            Assert.All(batches, batch => Assert.Empty(batch.Slots));
        }
    }

    [Fact]
    public void Utterances_of_a_batch_are_of_similar_length_and_meet_others_in_each_epoch()
    {
        var dealer = new UtteranceDealer(Lengths, Small with { Frames = 4000 }, 7);
        var first = Deal(dealer);
        dealer.Start(2);
        var second = Deal(dealer);

        Assert.InRange(Dealt.Padding(first), 0, 0.05);
        Assert.InRange(Dealt.Padding(second), 0, 0.05);
        var together = first.SelectMany(Pairs).ToHashSet();
        Assert.InRange(second.SelectMany(Pairs).Count(together.Contains) / (double)together.Count, 0, 0.7);
        Assert.True(first.Zip(first.Skip(1)).Count(pair => pair.First.Frames[0].Length < pair.Second.Frames[0].Length) > first.Count / 4);
    }

    [SharedDataFact]
    public void Less_than_5_percent_of_a_rectangle_around_real_utterances_would_be_padding()
    {
        var ali = SharedData.At("corpora/aishell-sample/ali/train");
        var model = TransitionModel.Read(SharedData.At("corpora/aishell-sample/gmm/final.mdl"));
        var alignments = AlignmentSet.Read(ali, model);
        int[] lengths = [.. alignments.Utterances.Select(id => alignments.TryGetPdfs(id, out var pdfs) ? pdfs.Length : 0)];

        foreach (var frames in new[] { 2400, 4000, 8000 })
            Assert.InRange(Dealt.Padding(Deal(new UtteranceDealer(lengths, Small with { Frames = frames }, 7))), 0, 0.05);
    }

    [Fact]
    public void The_same_seed_and_epoch_give_the_same_batches_from_any_position()
    {
        var whole = new UtteranceDealer(Lengths, Small, 7);
        whole.Start(2);
        var expected = Deal(whole);

        foreach (var position in new[] { 0, 1, 17, expected.Count })
        {
            var resumed = new UtteranceDealer(Lengths, Small, 7);
            resumed.Start(2, position);

            Assert.Equal(expected.Skip(position), Deal(resumed));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Start(2, expected.Count + 1));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(1)]
    public void Segments_of_utterances_are_dealt_as_if_they_were_utterances(int segment)
    {
        var dealer = new UtteranceDealer([.. Lengths, 0, 5], Small with { Segment = segment, Frames = 8 * segment }, 7);

        var batches = Deal(dealer);

        Assert.Equal(Enumerable.Range(0, Lengths.Sum() + 5), batches.SelectMany(batch => batch.Rows).Order());
        Assert.Equal(batches.Select(batch => batch.Rows.Length), dealer.BatchSizes);
        Assert.All(batches, batch => Assert.InRange(batch.Rows.Length, 1, 8 * segment));
        var ends = Lengths.Append(5).Aggregate(new List<int> { 0 }, (sums, length) => [.. sums, sums[^1] + length]).ToHashSet();
        Assert.All(batches.SelectMany(batch => batch.Frames), frames =>
        {
            Assert.Equal(Enumerable.Range(frames[0], frames.Length), frames);
            Assert.DoesNotContain(frames[1..], ends.Contains);
            if (!ends.Contains(frames[^1] + 1))
                Assert.Equal(segment, frames.Length);
            else if (!ends.Contains(frames[0]))
                Assert.InRange(2 * frames.Length, segment, 3 * segment);
        });
    }

    [Fact]
    public void Without_a_window_utterances_come_by_length()
    {
        var dealer = new UtteranceDealer([3, 0, 5, 2], new() { Frames = 6, ShuffleWindow = 0 }, 7);

        var batches = Deal(dealer);

        Assert.Equal([[3, 4, 5, 6, 7], [0, 8, 1, 9, 2]], batches.Select(batch => batch.Rows));
    }

    private static IEnumerable<(int, int)> Pairs(Dealt batch)
    {
        int[] firsts = [.. batch.Frames.Select(frames => frames[0]).Order()];
        return firsts.SelectMany((first, i) => firsts.Skip(i + 1).Select(other => (first, other)));
    }

    private static List<Dealt> Deal(UtteranceDealer dealer)
    {
        var batches = new List<Dealt>();
        while (dealer.TryNext(out var batch))
            batches.Add(Dealt.Of(batch));

        return batches;
    }

    private static int[] Some(int utterances)
    {
        var random = SeededRandom.Of(3, 0);
        return [.. Enumerable.Range(0, utterances)
            .Select(_ => 100 + random.BelowExactly(300) + random.BelowExactly(300) + random.BelowExactly(300))];
    }
}
