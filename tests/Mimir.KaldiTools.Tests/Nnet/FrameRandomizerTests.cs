using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Tests.Nnet;

/// <summary>Frames carry their own number as their feature, so that a batch says which frames it holds.</summary>
public sealed class FrameRandomizerTests
{
    [Fact]
    public void Blocks_unshuffled_deal_in_order_and_leave_the_tail_out()
    {
        var blocks = Blocks(new() { Size = 10, Minibatch = 4, Shuffle = false }, 6, 6, 6, 5);

        // 12 frames exceed 10 and give 3 batches; then 11 frames give 2, and 3 frames are never dealt.
        Assert.Equal([12, 8], blocks.Select(block => block.Rows.Length));
        Assert.Equal(Enumerable.Range(0, 20).Select(n => (float)n), blocks.SelectMany(Dealt));
        Assert.Equal([false, true], blocks.Select(block => block.IsLast));
    }

    [Fact]
    public void Blocks_overflow_by_one_utterance()
    {
        var blocks = Blocks(new() { Size = 10, Minibatch = 4, Shuffle = false }, 10, 9, 9);

        // A buffer that holds just its size is not full yet.
        Assert.Equal([16, 12], blocks.Select(block => block.Rows.Length));
    }

    [Fact]
    public void Blocks_shuffled_deal_each_frame_once_with_its_target_and_weight()
    {
        var blocks = Blocks(new() { Size = 20, Minibatch = 4, Seed = 7 }, 15, 15, 15, 15);

        var frames = blocks.SelectMany(Dealt).ToArray();
        Assert.Equal(60, frames.Length);
        Assert.Equal(Enumerable.Range(0, 60).Select(n => (float)n), frames.Order());
        Assert.NotEqual(Enumerable.Range(0, 60).Select(n => (float)n), frames);
        foreach (var block in blocks)
        {
            Assert.Equal(Dealt(block).Select(n => (int)n), block.Targets.Classes.ToArray());
            Assert.Equal(Dealt(block).Select(n => n + 1), block.Weights);
        }
    }

    [Fact]
    public void Blocks_of_the_same_seed_are_the_same_and_of_another_are_not()
    {
        float[] Of(ulong seed) => [.. Blocks(new() { Size = 20, Minibatch = 4, Seed = seed }, 15, 15, 15, 15).SelectMany(Dealt)];

        Assert.Equal(Of(3), Of(3));
        Assert.NotEqual(Of(3), Of(4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Blocks_keep_the_neighbours_of_what_is_left_over(bool shuffle)
    {
        var blocks = Blocks(new() { Size = 10, Minibatch = 8, Shuffle = shuffle, Left = 2, Right = 1 }, 7, 7, 7, 7, 7);

        Assert.True(blocks.Count > 1);
        foreach (var block in blocks)
        {
            foreach (var row in block.Rows)
            {
                foreach (var offset in new[] { -2, -1, 0, 1 })
                {
                    // Utterances have 7 frames; the first and the last repeat.
                    var frame = (int)block.Features[row];
                    var expected = Math.Clamp(frame + offset, frame / 7 * 7, (frame / 7 * 7) + 6);
                    Assert.Equal(expected, (int)Neighbour(block, row, offset));
                }
            }
        }
    }

    [Fact]
    public void Blocks_deal_no_frame_without_weight_but_splice_over_it()
    {
        var utterance = Utterance(0, 6);
        utterance.Weights[2] = 0;
        var randomizer = new FrameRandomizer(new() { Size = 10, Minibatch = 1, Shuffle = false, Left = 1, Right = 1 }, null);

        var block = Assert.Single(randomizer.Blocks([utterance]));

        Assert.Equal([0, 1, 3, 4, 5], Dealt(block));
        Assert.Equal(2, Neighbour(block, block.Rows[2], -1));
    }

    [Fact]
    public void Blocks_transform_what_is_used_of_an_utterance()
    {
        var utterance = Utterance(0, 6) with { Weights = [1, 1, 1, 1] };
        var seen = 0;
        var randomizer = new FrameRandomizer(new() { Size = 10, Minibatch = 2, Shuffle = false }, features =>
        {
            seen = features.Rows;
            return new FloatMatrix(features.Rows, 2, [.. features.Data.SelectMany(value => new[] { value, -value })]);
        });

        var block = Assert.Single(randomizer.Blocks([utterance]));

        Assert.Equal(4, seen);
        Assert.Equal(2, block.Dim);
        Assert.Equal([0, 0, 1, -1, 2, -2, 3, -3], block.Features);
    }

    [Fact]
    public void Blocks_of_less_than_a_batch_are_none() =>
        Assert.Empty(Blocks(new() { Size = 10, Minibatch = 8 }, 7));

    private static List<FrameBlock> Blocks(RandomizerOptions options, params int[] lengths)
    {
        var first = 0;
        var utterances = new List<TrainingUtterance>();
        foreach (var length in lengths)
        {
            utterances.Add(Utterance(first, length));
            first += length;
        }

        return [.. new FrameRandomizer(options, null).Blocks(utterances)];
    }

    private static TrainingUtterance Utterance(int first, int length)
    {
        int[] numbers = [.. Enumerable.Range(first, length)];
        return new(
            $"utt{first}",
            new FloatMatrix(length, 1, [.. numbers.Select(n => (float)n)]),
            Posterior.FromLabels(numbers),
            [.. numbers.Select(n => n + 1f)]);
    }

    private static IEnumerable<float> Dealt(FrameBlock block) => block.Rows.Select(row => block.Features[row * block.Dim]);

    private static float Neighbour(FrameBlock block, int row, int offset)
    {
        var start = 0;
        foreach (var length in block.Lengths)
        {
            if (row < start + length)
                return block.Features[Math.Clamp(row + offset, start, start + length - 1)];

            start += length;
        }

        throw new InvalidOperationException("The row lies behind the last piece.");
    }
}
