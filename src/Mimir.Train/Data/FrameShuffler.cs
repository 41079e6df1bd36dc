using Mimir.Base;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>Deals the frames of a corpus into random batches, each frame of positive weight exactly once an epoch.</summary>
/// <remarks>
/// The way of nnet1's randomizer: utterances in a shuffled order fill a buffer until it exceeds the window, the whole
/// buffer is shuffled, batches are consumed, and what is less than a batch stays for the next fill. Unlike nnet1 the end
/// of an epoch loses no frame: its last, short batch is dealt too; and every epoch goes through the utterances in an order
/// of its own, where Kaldi's train.sh shuffles them once. The sequence is a pure function of the seed and the epoch, so a
/// run resumes at any batch by <see cref="Start"/>.
/// </remarks>
public sealed class FrameShuffler : IIndependentBatches
{
    private readonly int _batchFrames;
    private readonly int _window;
    private readonly ulong _seed;
    private readonly int[]? _rows;
    private readonly int[] _firstRows;
    private readonly int[] _order;
    private readonly int[] _buffer;
    private SeededRandom _windows;
    private int _nextUtterance;
    private int _begin;
    private int _end;

    /// <summary>Prepares the frames of utterances that lie one after another, and starts epoch 1.</summary>
    /// <param name="utteranceLengths">The frames of each utterance, in the order of the frame table.</param>
    /// <param name="options">The batch and the window; a window of 0 keeps the corpus's own order.</param>
    /// <param name="seed">The seed of the order of utterances and of frames.</param>
    /// <param name="weights">The weight of each frame, those of 0 being left out; empty when all take part.</param>
    /// <exception cref="ArgumentException">A length or an option is out of range.</exception>
    public FrameShuffler(
        ReadOnlySpan<int> utteranceLengths, BatchRecipe options, ulong seed, ReadOnlySpan<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Frames, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ShuffleWindow, nameof(options));
        (_batchFrames, _window, _seed) = (options.Frames, options.ShuffleWindow, seed);
        _rows = weights.IsEmpty ? null : RowsAbove0(weights);
        _order = new int[utteranceLengths.Length];
        _firstRows = new int[utteranceLengths.Length + 1];
        var (longest, end) = (0, 0);
        for (var utterance = 0; utterance < utteranceLengths.Length; utterance++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(utteranceLengths[utterance], nameof(utteranceLengths));
            end = checked(end + utteranceLengths[utterance]);
            _firstRows[utterance + 1] = _rows is null ? end : PlaceOf(_rows, end);
            longest = Math.Max(longest, _firstRows[utterance + 1] - _firstRows[utterance]);
        }

        if (_rows is not null && weights.Length != end)
            throw new ArgumentException($"{end} frames need as many weights, got {weights.Length}.", nameof(weights));

        TableFrames = end;
        var fullest = (long)Math.Max(_window, _batchFrames) + longest;
        _buffer = new int[Math.Min(fullest, Frames)];
        _windows = SeededRandom.Of(seed, 0);
        Start(epoch: 1);
    }

    /// <inheritdoc/>
    public int TableFrames { get; }

    /// <summary>Gets the frames of an epoch: those that take part.</summary>
    public int Frames => _firstRows[^1];

    /// <summary>Gets the batches of an epoch, the last short one included.</summary>
    public int BatchCount => (int)(((long)Frames + _batchFrames - 1) / _batchFrames);

    /// <inheritdoc/>
    public IReadOnlyList<int> BatchSizes =>
        [.. Enumerable.Range(0, BatchCount).Select(batch => Math.Min(_batchFrames, Frames - (batch * _batchFrames)))];

    /// <inheritdoc/>
    public int Position { get; private set; }

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, BatchCount);
        for (var utterance = 0; utterance < _order.Length; utterance++)
            _order[utterance] = utterance;

        if (_window > 0)
            SeededRandom.Of(_seed, 2 * (ulong)epoch).Shuffle(_order);

        _windows = SeededRandom.Of(_seed, (2 * (ulong)epoch) + 1);
        (_nextUtterance, _begin, _end, Position) = (0, 0, 0, 0);
        while (Position < position)
            TryNext(out _);
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        if (_end - _begin < _batchFrames)
            Fill();

        var count = Math.Min(_batchFrames, _end - _begin);
        batch = new(_buffer.AsSpan(_begin, count));
        _begin += count;
        Position += count > 0 ? 1 : 0;
        return count > 0;
    }

    private static int[] RowsAbove0(ReadOnlySpan<float> weights)
    {
        var rows = new List<int>();
        for (var row = 0; row < weights.Length; row++)
        {
            if (weights[row] > 0)
                rows.Add(row);
        }

        return [.. rows];
    }

    // How many of the rows that take part lie before a row.
    private static int PlaceOf(int[] rows, int row)
    {
        var place = Array.BinarySearch(rows, row);
        return place >= 0 ? place : ~place;
    }

    private void Fill()
    {
        var left = _buffer.AsSpan(_begin, _end - _begin);
        left.CopyTo(_buffer);
        (_begin, _end) = (0, left.Length);
        if (_nextUtterance == _order.Length)
            return;

        while (_nextUtterance < _order.Length && _end <= Math.Max(_window, _batchFrames))
        {
            var utterance = _order[_nextUtterance++];
            for (var row = _firstRows[utterance]; row < _firstRows[utterance + 1]; row++)
                _buffer[_end++] = _rows is null ? row : _rows[row];
        }

        if (_window > 0)
            _windows.Shuffle(_buffer.AsSpan(0, _end));
    }
}
