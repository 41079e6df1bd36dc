using Mimir.Core.Losses;

namespace Mimir.KaldiTools.Nnetbin.Frames;

/// <summary>Frames with their neighbours, targets and weights, as they come in.</summary>
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

    /// <summary>Gets the frame of each entry in the order in which they came.</summary>
    public IReadOnlyList<int> Rows => _rows;

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

    /// <summary>Makes a block of the first entries of an order, and leaves the others, with their neighbours, to the next buffer.</summary>
    /// <param name="order">The entries in the order of training.</param>
    /// <param name="count">How many are trained on.</param>
    /// <param name="options">How many neighbours go along.</param>
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
