using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data;

public sealed class ChunkDealerTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 37).Select(i => i * 29 % 64)];
    private static readonly BatchRecipe Small = new() { Unit = BatchUnit.Chunks, Streams = 5, Chunk = 7 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 20)]
    [InlineData(5, 7)]
    [InlineData(60, 3)]
    public void Every_frame_is_dealt_once_an_epoch_and_streams_follow_their_utterances(int streams, int chunk)
    {
        var dealer = new ChunkDealer(Lengths, Small with { Streams = streams, Chunk = chunk }, 7);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            dealer.Start(epoch);

            var batches = Deal(dealer);

            Assert.Equal(Enumerable.Range(0, Lengths.Sum()), batches.SelectMany(batch => batch.Rows).Order());
            AssertContinuous(batches, streams, chunk);
        }
    }

    [Fact]
    public void Streams_stay_full_until_no_utterance_is_left()
    {
        var batches = Deal(new ChunkDealer(Lengths, Small, 7));

        var firstWithLess = batches.FindIndex(batch => batch.Slots.Length < Small.Streams);
        var begun = batches.Take(firstWithLess).Sum(batch => batch.Begins.Count(begins => begins));
        Assert.Equal(Lengths.Count(length => length > 0), begun);
        Assert.DoesNotContain(batches.Skip(firstWithLess), batch => batch.Begins.Any(begins => begins));
    }

    [Fact]
    public void Epochs_differ_and_the_same_seed_and_epoch_give_the_same_batches_from_any_position()
    {
        var whole = new ChunkDealer(Lengths, Small, 7);
        whole.Start(2);
        var expected = Deal(whole);

        for (var position = 0; position <= expected.Count; position++)
        {
            var resumed = new ChunkDealer(Lengths, Small, 7);
            resumed.Start(2, position);

            Assert.Equal(position, resumed.Position);
            Assert.Equal(expected.Skip(position), Deal(resumed));
        }

        whole.Start(3);
        Assert.NotEqual(expected, Deal(whole));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Start(2, expected.Count + 1));
    }

    [Fact]
    public void Without_a_window_utterances_come_in_the_corpus_order()
    {
        var dealer = new ChunkDealer([3, 0, 5, 2], new() { Streams = 2, Chunk = 2, ShuffleWindow = 0 }, 7);

        var batches = Deal(dealer);

        Assert.Equal([[0, 3, 1, 4], [5, 2, 6], [8, 7, 9]], batches.Select(batch => batch.Rows));
    }

    [Fact]
    public void Empty_corpus_has_no_batch() => Assert.Empty(Deal(new ChunkDealer([0, 0], Small, 7)));

    private static void AssertContinuous(List<Dealt> batches, int streams, int chunk)
    {
        var firstRows = new HashSet<int>();
        for (var (utterance, row) = (0, 0); utterance < Lengths.Length; row += Lengths[utterance++])
        {
            if (Lengths[utterance] > 0)
                firstRows.Add(row);
        }

        var last = new int?[streams];
        foreach (var batch in batches)
        {
            for (var s = 0; s < batch.Slots.Length; s++)
            {
                Assert.InRange(batch.Frames[s].Length, 1, chunk);
                Assert.Equal(Enumerable.Range(batch.Frames[s][0], batch.Frames[s].Length), batch.Frames[s]);
                Assert.Equal(batch.Begins[s], firstRows.Contains(batch.Frames[s][0]));
                if (!batch.Begins[s])
                    Assert.Equal(last[batch.Slots[s]] + 1, batch.Frames[s][0]);

                last[batch.Slots[s]] = batch.Frames[s][^1];
            }
        }
    }

    private static List<Dealt> Deal(ChunkDealer dealer)
    {
        var batches = new List<Dealt>();
        while (dealer.TryNext(out var batch))
            batches.Add(Dealt.Of(batch));

        return batches;
    }
}
