using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>
/// Deals utterances to some streams, and a batch from the next few frames of each: truncated back-propagation through time,
/// where the state of a stream goes on from batch to batch and begins anew with each utterance.
/// </summary>
/// <remarks>
/// The way of nnet-train-multistream: a stream whose utterance is over takes the next one of a shuffled list. Unlike there,
/// it gives fewer frames where its utterance ends inside a chunk, instead of padding, and the next utterance begins with the
/// next batch; and an epoch is over when all streams are, so that every frame is dealt exactly once.
/// </remarks>
public sealed class ChunkDealer : IBatchDealer
{
    private readonly int _chunk;
    private readonly ulong _seed;
    private readonly bool _isShuffled;
    private readonly int[] _firstRows;
    private readonly int[] _utterances;
    private int[] _order;
    private readonly int[] _next;
    private readonly int[] _end;
    private readonly bool[] _begins;
    private readonly int[] _slots;
    private readonly int[] _firsts;
    private int[] _rows = [];
    private int _nextUtterance;
    private SequenceLayout? _steady;

    /// <summary>Prepares utterances that lie one after another, and starts epoch 1.</summary>
    /// <param name="utteranceLengths">The frames of each utterance, in the order of the frame table; 0 for one without any.</param>
    /// <param name="options">The streams and the frames that each gives to a batch; a window of 0 keeps the corpus's order.</param>
    /// <param name="seed">The seed of the order of utterances.</param>
    /// <exception cref="ArgumentException">A length or an option is out of range.</exception>
    public ChunkDealer(ReadOnlySpan<int> utteranceLengths, BatchRecipe options, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Streams, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Chunk, nameof(options));
        (_chunk, _seed, _isShuffled) = (options.Chunk, seed, options.ShuffleWindow > 0);
        _firstRows = UtteranceOrder.FirstRows(utteranceLengths);
        _utterances = UtteranceOrder.WithFrames(utteranceLengths);
        _order = [];
        _next = new int[options.Streams];
        _end = new int[options.Streams];
        _begins = new bool[options.Streams];
        _slots = new int[options.Streams];
        _firsts = new int[options.Streams];
        Start(epoch: 1);
    }

    /// <inheritdoc/>
    public int TableFrames => _firstRows[^1];

    /// <inheritdoc/>
    public int Position { get; private set; }

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        StartOn(OrderOf(epoch));
        Position = 0;
        while (Position < position)
        {
            if (!TryNext(out _))
                throw new ArgumentOutOfRangeException(nameof(position), position, $"Epoch {epoch} has {Position} batches.");
        }
    }

    /// <summary>The utterances of an epoch in the order in which streams take them.</summary>
    internal int[] OrderOf(int epoch)
    {
        int[] order = [.. _utterances];
        if (_isShuffled)
            SeededRandom.Of(_seed, 2 * (ulong)epoch).Shuffle(order);

        return order;
    }

    /// <summary>Begins to deal some utterances, whatever was dealt before; positions count on.</summary>
    internal void StartOn(int[] utterances)
    {
        _order = utterances;
        Array.Clear(_next);
        Array.Clear(_end);
        _nextUtterance = 0;
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        var active = Refill();
        batch = default;
        if (active == 0)
            return false;

        var slots = _slots.AsSpan(0, active);
        slots.Sort((left, right) => ChunkOf(right).CompareTo(ChunkOf(left)) is var order and not 0 ? order : left.CompareTo(right));
        for (var i = 0; i < active; i++)
            _firsts[i] = _next[slots[i]];

        var layout = LayoutOf(slots);
        batch = new(SequenceRows.Fill(layout, _firsts, ref _rows), layout);
        foreach (var slot in slots)
        {
            _next[slot] += ChunkOf(slot);
            _begins[slot] = false;
        }

        Position++;
        return true;
    }

    private int ChunkOf(int slot) => Math.Min(_chunk, _end[slot] - _next[slot]);

    // Gives the next utterances to streams whose own are over, and finds the streams that have frames.
    private int Refill()
    {
        var active = 0;
        for (var slot = 0; slot < _next.Length; slot++)
        {
            if (_next[slot] == _end[slot] && _nextUtterance < _order.Length)
            {
                var utterance = _order[_nextUtterance++];
                (_next[slot], _end[slot], _begins[slot]) = (_firstRows[utterance], _firstRows[utterance + 1], true);
            }

            if (_next[slot] < _end[slot])
                _slots[active++] = slot;
        }

        return active;
    }

    // Nearly all batches are full chunks of all streams in the middle of utterances.
    private SequenceLayout LayoutOf(ReadOnlySpan<int> slots)
    {
        var lengths = new int[slots.Length];
        var begins = new bool[slots.Length];
        var isSteady = slots.Length == _next.Length;
        for (var i = 0; i < slots.Length; i++)
        {
            (lengths[i], begins[i]) = (ChunkOf(slots[i]), _begins[slots[i]]);
            isSteady &= lengths[i] == _chunk && !begins[i];
        }

        if (!isSteady)
            return new(lengths, slots, begins);

        return _steady ??= new(lengths, slots, begins);
    }
}
