using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data;

public sealed class ShareDealerTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 23).Select(i => i * 17 % 41)];

    [Theory]
    [InlineData(BatchUnit.Frames, 1)]
    [InlineData(BatchUnit.Frames, 3)]
    [InlineData(BatchUnit.Chunks, 2)]
    [InlineData(BatchUnit.Chunks, 4)]
    [InlineData(BatchUnit.Utterances, 2)]
    [InlineData(BatchUnit.Utterances, 5)]
    public void The_shares_of_all_workers_are_the_whole_batch(BatchUnit unit, int workers)
    {
        var recipe = new BatchRecipe { Unit = unit, Frames = 50, Streams = 5, Chunk = 7, ShuffleWindow = 100 };
        IBatchDealer Whole() => BatchDealers.ForTraining(Lengths, recipe, seed: 3);
        var whole = Whole();
        var shares = Enumerable.Range(0, workers).Select(rank => new ShareDealer(Whole(), rank, workers)).ToList();

        while (whole.TryNext(out var batch))
        {
            var expected = batch.Rows.ToArray().Order().ToArray();
            List<int> dealt = [];
            foreach (var share in shares)
            {
                Assert.True(share.TryNext(out var part));
                Assert.Equal(part.Sequences?.Rows ?? part.Rows.Length, part.Rows.Length);
                dealt.AddRange(part.Rows.ToArray());
            }

            Assert.Equal(expected, dealt.Order());
        }

        Assert.All(shares, share => Assert.False(share.TryNext(out _)));
    }

    [Fact]
    public void A_stream_stays_with_its_worker_and_its_utterances_stay_in_order()
    {
        var recipe = new BatchRecipe { Unit = BatchUnit.Chunks, Streams = 5, Chunk = 7 };
        var share = new ShareDealer(new ChunkDealer(Lengths, recipe, 3), 1, 2);
        var last = new Dictionary<int, int>();

        while (share.TryNext(out var batch))
        {
            if (batch.Sequences is not { } layout)
                continue;

            var dealt = Dealt.Of(batch);
            for (var s = 0; s < layout.Sequences; s++)
            {
                Assert.InRange(dealt.Slots[s], 0, ShareDealer.StreamsOf(5, 1, 2) - 1);
                if (!dealt.Begins[s])
                    Assert.Equal(last[dealt.Slots[s]] + 1, dealt.Frames[s][0]);
                last[dealt.Slots[s]] = dealt.Frames[s][^1];
            }
        }

        Assert.Equal(5, ShareDealer.StreamsOf(5, 0, 2) + ShareDealer.StreamsOf(5, 1, 2));
    }
}
