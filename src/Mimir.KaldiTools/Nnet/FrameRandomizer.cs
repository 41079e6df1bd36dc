using Mimir.Base;
using Mimir.Core.Losses;
using Mimir.Kaldi.Matrices;

namespace Mimir.KaldiTools.Nnet;

/// <summary>The options of the shuffling of frames into batches.</summary>
internal sealed record RandomizerOptions
{
    /// <summary>Gets the frames that a buffer holds at least before it is shuffled.</summary>
    public int Size { get; init; } = 32768;

    /// <summary>Gets the frames of a batch.</summary>
    public int Minibatch { get; init; } = 256;

    /// <summary>True when frames are shuffled.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Gets the seed of the order.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets the number of frames before a frame that are spliced to it.</summary>
    public int Left { get; init; }

    /// <summary>Gets the number of frames after a frame that are spliced to it.</summary>
    public int Right { get; init; }
}

/// <summary>A full buffer: frames to gather from, and the order in which they make batches.</summary>
/// <param name="Features">All frames, utterance after utterance.</param>
/// <param name="Dim">The values of a frame.</param>
/// <param name="Lengths">The frames of each utterance, or piece of one.</param>
/// <param name="Rows">The frames to train on, in order; a whole number of batches.</param>
/// <param name="Targets">The targets of <paramref name="Rows"/>.</param>
/// <param name="Weights">The weights of <paramref name="Rows"/>.</param>
internal sealed record FrameBlock(float[] Features, int Dim, int[] Lengths, int[] Rows, SoftTargets Targets, float[] Weights)
{
    /// <summary>True when this is the last block.</summary>
    public bool IsLast { get; init; }
}

/// <summary>Fills buffers with utterances and shuffles their frames into batches, as many as nnet1's trainers have.</summary>
/// <remarks>
/// Utterances are added until a buffer holds more than its size, so it may exceed it by almost one utterance; the frames
/// that fill no batch go to the front of the next buffer and are shuffled again with it, and at the end they are left out.
/// The order is a function of the seed; Kaldi's depends on the calls of rand() before.
/// </remarks>
/// <param name="options">Sizes and seed.</param>
/// <param name="transform">A transform of each utterance; null for none.</param>
internal sealed class FrameRandomizer(RandomizerOptions options, Func<FloatMatrix, FloatMatrix>? transform)
{
    /// <summary>Makes the blocks; the last one is marked.</summary>
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
            SeededRandom.Of(options.Seed, fill).Shuffle(order);

        return order;
    }
}

/// <summary>Collects frames with their neighbours, targets and weights.</summary>
internal sealed class FrameBuffer
{
    private readonly List<float> _features = [];
    private readonly List<int> _lengths = [];
    private readonly List<int> _starts = [];
    private readonly List<int> _rows = [];
    private readonly List<int> _pieces = [];
    private readonly List<float> _weights = [];
    private readonly SoftTargetsBuilder _targets = new();
    private int _dim;

    /// <summary>Gets the number of frames to train on.</summary>
    public int Count => _rows.Count;

    /// <summary>Begins an utterance or a piece of one.</summary>
    /// <param name="features"><c>[T, dim]</c>.</param>
    /// <param name="dim">The values of a frame.</param>
    public void AddPiece(ReadOnlySpan<float> features, int dim)
    {
        _dim = dim;
        _starts.Add(_features.Count / dim);
        _lengths.Add(features.Length / dim);
        _features.AddRange(features);
    }

    /// <summary>Adds a frame of the last piece to those to train on.</summary>
    /// <param name="frame">Its place in the piece.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="classes">The classes of its targets.</param>
    /// <param name="targets">Their weights.</param>
    public void AddFrame(int frame, float weight, ReadOnlySpan<int> classes, ReadOnlySpan<float> targets)
    {
        _rows.Add(_starts[^1] + frame);
        _pieces.Add(_starts.Count - 1);
        _weights.Add(weight);
        _targets.AddFrame(classes, targets);
    }

    /// <summary>Makes a block of the first entries of an order; the others go to the next buffer with their neighbours.</summary>
    /// <param name="order">The entries in the order of training.</param>
    /// <param name="count">The number of entries that are trained on.</param>
    /// <param name="options">The number of neighbours to keep.</param>
    /// <param name="next">Receives the others.</param>
    public FrameBlock Take(ReadOnlySpan<int> order, int count, RandomizerOptions options, FrameBuffer next)
    {
        var targets = _targets.Build();
        var features = _features.ToArray();
        foreach (var entry in order[count..])
        {
            var (piece, row) = (_pieces[entry], _rows[entry]);
            var first = Math.Max(_starts[piece], row - options.Left);
            var end = Math.Min(_starts[piece] + _lengths[piece], row + options.Right + 1);
            next.AddPiece(features.AsSpan(first * _dim, (end - first) * _dim), _dim);
            var (from, to) = (targets.Offsets[entry], targets.Offsets[entry + 1]);
            next.AddFrame(row - first, _weights[entry], targets.Classes[from..to], targets.Weights[from..to]);
        }

        var rows = new int[count];
        var weights = new float[count];
        for (var i = 0; i < count; i++)
            (rows[i], weights[i]) = (_rows[order[i]], _weights[order[i]]);

        return new(features, _dim, [.. _lengths], rows, targets.Gather(order[..count]), weights);
    }
}
