using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;

namespace Mimir.KaldiTools.Nnetbin.Frames;

/// <summary>Fills buffers with utterances and deals their frames in batches, to the frame as nnet1's trainers.</summary>
/// <remarks>
/// Utterances are added until a buffer holds more than its size, so it may exceed it by almost one utterance; the frames
/// that fill no batch go to the front of the next buffer and are shuffled again with it, and at the end they are left out.
/// The order is a function of the seed, where Kaldi's is of the moment.
/// </remarks>
/// <param name="options">Sizes and seed.</param>
/// <param name="transform">What is done to each utterance first, or null.</param>
internal sealed class FrameRandomizer(RandomizerOptions options, Func<FloatMatrix, FloatMatrix>? transform)
{
    /// <summary>Makes the blocks; the last one says so.</summary>
    public IEnumerable<FrameBlock> Blocks(IEnumerable<TrainingUtterance> utterances)
    {
        FrameBlock? pending = null;
        var buffer = new FrameBuffer();
        ulong fill = 0;
        using var source = utterances.GetEnumerator();
        for (var more = source.MoveNext(); more;)
        {
            // A buffer that only holds what is left of the last one takes at least one utterance.
            do
            {
                Add(buffer, source.Current);
                more = source.MoveNext();
            }
            while (more && buffer.Count <= options.Size);

            var order = Order(buffer.Count, fill++);
            var next = new FrameBuffer();
            var block = buffer.Take(order, buffer.Count / options.Minibatch * options.Minibatch, options, next);
            buffer = next;
            if (block.Rows.Length == 0)
                continue;
            if (pending is not null)
                yield return pending;

            pending = block;
        }

        if (pending is not null)
            yield return pending with { IsLast = true };
    }

    private void Add(FrameBuffer buffer, TrainingUtterance utterance)
    {
        var features = utterance.UsedFeatures();
        features = transform?.Invoke(features) ?? features;
        buffer.AddPiece(features.Data, features.Columns);
        for (var frame = 0; frame < utterance.Frames; frame++)
        {
            if (utterance.Weights[frame] > 0)
                buffer.AddFrame(
                    frame, utterance.Weights[frame], utterance.Targets.Indices(frame), utterance.Targets.Weights(frame));
        }
    }

    private int[] Order(int count, ulong fill)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        if (options.Shuffle)
            RandomStream.Of(options.Seed, fill).Shuffle(order);

        return order;
    }
}
