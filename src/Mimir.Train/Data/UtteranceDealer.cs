using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>Deals whole utterances or segments of them, those of similar length together, in batches of up to some frames.</summary>
/// <remarks>
/// A segment is dealt as if it were an utterance: nothing is carried into it. Training on segments, as Kaldi's nnet3 does, takes
/// smaller steps and more of them, and lets many workers share a small batch.
/// Utterances are sorted by length and cut into batches, which come in a random order. Before sorting, each length is moved by
/// up to 2%, so that an utterance meets others in each epoch. Batches are packed, so nothing is padded; similar lengths keep
/// many sequences alive to the last steps, where the products are of few rows otherwise.
/// </remarks>
public sealed class UtteranceDealer : IIndependentBatches
{
    private const double LengthJitter = 0.02;

    private readonly int _batchFrames;
    private readonly ulong _seed;
    private readonly bool _isShuffled;
    private readonly int[] _firstRows;
    private readonly int[] _utterances;
    private readonly List<int> _cuts = [];
    private int[] _order = [];
    private int[] _batches = [];
    private int[] _rows = [];

    /// <summary>Prepares utterances that lie one after another, and starts epoch 1.</summary>
    /// <param name="utteranceLengths">The frames of each utterance, in the order of the frame table; 0 for one without any.</param>
    /// <param name="options">The most frames of a batch, which a longer utterance has for itself; the frames of a segment; a window
    /// of 0 deals by length, the longest first.</param>
    /// <param name="seed">The seed of batches and their order.</param>
    /// <exception cref="ArgumentException">A length or an option is out of range.</exception>
    public UtteranceDealer(ReadOnlySpan<int> utteranceLengths, BatchRecipe options, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Frames, nameof(options));
        (_batchFrames, _seed, _isShuffled) = (options.Frames, seed, options.ShuffleWindow > 0);
        var lengths = options.Segment > 0 ? UtteranceOrder.Segments(utteranceLengths, options.Segment) : utteranceLengths;
        _firstRows = UtteranceOrder.FirstRows(lengths);
        _utterances = UtteranceOrder.WithFrames(lengths);
        Start(epoch: 1);
    }

    /// <inheritdoc/>
    public int TableFrames => _firstRows[^1];

    /// <inheritdoc/>
    public IReadOnlyList<int> BatchSizes => [.. _batches.Select(cut => _order[_cuts[cut].._cuts[cut + 1]].Sum(LengthOf))];

    /// <inheritdoc/>
    public int Position { get; private set; }

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        Sort(epoch);
        Cut();
        _batches = [.. Enumerable.Range(0, _cuts.Count - 1)];
        if (_isShuffled)
            SeededRandom.Of(_seed, (2 * (ulong)epoch) + 1).Shuffle(_batches);

        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _batches.Length);
        Position = position;
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        batch = default;
        if (Position == _batches.Length)
            return false;

        var cut = _batches[Position++];
        var utterances = _order.AsSpan(_cuts[cut].._cuts[cut + 1]);
        var lengths = new int[utterances.Length];
        var firsts = new int[utterances.Length];
        for (var i = 0; i < utterances.Length; i++)
            (lengths[i], firsts[i]) = (LengthOf(utterances[i]), _firstRows[utterances[i]]);

        var layout = new SequenceLayout(lengths);
        batch = new(SequenceRows.Fill(layout, firsts, ref _rows), layout);
        return true;
    }

    private int LengthOf(int utterance) => _firstRows[utterance + 1] - _firstRows[utterance];

    private void Sort(int epoch)
    {
        var keys = new double[_firstRows.Length - 1];
        _order = [.. _utterances];
        var random = SeededRandom.Of(_seed, 2 * (ulong)epoch);
        if (_isShuffled)
            random.Shuffle(_order);

        foreach (var utterance in _order)
        {
            var moved = _isShuffled ? 1 + (LengthJitter * ((2.0 * random.BelowExactly(1 << 20) / (1 << 20)) - 1)) : 1;
            keys[utterance] = moved * LengthOf(utterance);
        }

        // Sorting here is stable: equal keys stay in the shuffled order.
        _order = [.. _order.OrderByDescending(utterance => keys[utterance])];
    }

    private void Cut()
    {
        _cuts.Clear();
        _cuts.Add(0);
        var frames = 0;
        for (var i = 0; i < _order.Length; i++)
        {
            if (frames > 0 && frames + LengthOf(_order[i]) > _batchFrames)
            {
                Close(i);
                frames = 0;
            }

            frames += LengthOf(_order[i]);
        }

        if (frames > 0)
            Close(_order.Length);
    }

    // A layout wants the longest first.
    private void Close(int end)
    {
        var batch = _order.AsSpan(_cuts[^1]..end);
        int[] sorted = [.. batch.ToArray().OrderByDescending(LengthOf)];
        sorted.CopyTo(batch);
        _cuts.Add(end);
    }
}
