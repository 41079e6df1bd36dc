using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data;

public sealed class FrameShufflerTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 60).Select(u => 17 + (u * 37 % 101))];
    private static readonly BatchRecipe Small = new() { Frames = 32, ShuffleWindow = 500 };

    [Theory]
    [InlineData(32, 500)]
    [InlineData(32, 0)]
    [InlineData(700, 64)]
    [InlineData(1, 1)]
    [InlineData(100_000, 100_000)]
    public void Epoch_deals_every_frame_exactly_once(int frames, int window)
    {
        var shuffler = new FrameShuffler(Lengths, new BatchRecipe { Frames = frames, ShuffleWindow = window }, 7);

        var batches = Deal(shuffler);

        Assert.Equal(Enumerable.Range(0, Lengths.Sum()), batches.SelectMany(rows => rows).Order());
        Assert.Equal(shuffler.BatchCount, batches.Count);
        Assert.All(batches.SkipLast(1), rows => Assert.Equal(frames, rows.Length));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public void Epoch_leaves_out_the_frames_of_weight_0(int window)
    {
        float[] weights = [.. Enumerable.Range(0, Lengths.Sum()).Select(row => row < 40 || row % 3 == 0 ? 0 : 0.5f)];
        var shuffler = new FrameShuffler(Lengths, new BatchRecipe { Frames = 32, ShuffleWindow = window }, 7, weights);

        var batches = Deal(shuffler);

        Assert.Equal(Enumerable.Range(0, weights.Length).Where(row => weights[row] > 0), batches.SelectMany(rows => rows).Order());
        Assert.Equal((shuffler.Frames, weights.Length), (batches.Sum(rows => rows.Length), shuffler.TableFrames));
    }

    [Fact]
    public void Epochs_of_the_same_seed_repeat_and_others_differ()
    {
        var first = new FrameShuffler(Lengths, Small, 7);
        var again = new FrameShuffler(Lengths, Small, 7);
        var other = new FrameShuffler(Lengths, Small, 8);

        var one = Deal(first);
        first.Start(2);
        var two = Deal(first);

        Assert.Equal(one, Deal(again));
        Assert.NotEqual(one, Deal(other));
        Assert.NotEqual(one, two);
    }

    [Fact]
    public void Start_at_any_batch_goes_on_as_the_unbroken_epoch()
    {
        var whole = new FrameShuffler(Lengths, Small, 7);
        whole.Start(3);
        var batches = Deal(whole);

        for (var position = 0; position <= batches.Count; position++)
        {
            var resumed = new FrameShuffler(Lengths, Small, 7);
            resumed.Start(3, position);

            Assert.Equal(position, resumed.Position);
            Assert.Equal(batches.Skip(position), Deal(resumed));
        }
    }

    [Fact]
    public void Window_keeps_frames_of_an_utterance_near_each_other()
    {
        var lengths = Enumerable.Repeat(50, 400).ToArray();
        var shuffler = new FrameShuffler(lengths, Small, 7);

        var places = new int[20_000];
        var place = 0;
        foreach (var row in Deal(shuffler).SelectMany(rows => rows))
            places[row] = place++;

        // A frame may be left over from one fill, and again from the next; a fill is the window, an utterance and a batch.
        var spread = Enumerable.Range(0, 400).Max(u => places[(u * 50)..((u + 1) * 50)].Max() - places[(u * 50)..((u + 1) * 50)].Min());
        Assert.InRange(spread, 300, 3 * (500 + 50 + 32));
    }

    [Fact]
    public void Window_zero_keeps_the_order_of_the_corpus()
    {
        var shuffler = new FrameShuffler(Lengths, new BatchRecipe { Frames = 10, ShuffleWindow = 0 }, 7);

        Assert.Equal(Enumerable.Range(0, Lengths.Sum()), Deal(shuffler).SelectMany(rows => rows));
    }

    [Fact]
    public void Empty_corpus_has_no_batch()
    {
        var shuffler = new FrameShuffler([], Small, 7);

        Assert.Equal(0, shuffler.BatchCount);
        Assert.False(shuffler.TryNext(out _));
    }

    private static List<int[]> Deal(FrameShuffler shuffler)
    {
        var batches = new List<int[]>();
        while (shuffler.TryNext(out var batch))
            batches.Add(batch.Rows.ToArray());
        return batches;
    }
}
