using System.Buffers;
using Mimir.Core.Native;

namespace Mimir.Core.Batches;

/// <summary>The order of the rows of a batch in time: sequences packed step by step, the longest first.</summary>
/// <remarks>
/// Step t holds rows <c>Offsets[t]</c> to <c>Offsets[t + 1]</c>, one for each sequence that is longer than t; row
/// <c>Offsets[t] + s</c> is frame t of sequence s. No row is padding, so none is computed.
/// </remarks>
public sealed class SequenceLayout
{
    private readonly int[] _lengths;
    private readonly int[] _offsets;
    private readonly int[] _streams;
    private readonly bool[] _begins;

    /// <summary>Packs sequences that all start from the zero state.</summary>
    /// <param name="lengths">The frames of each sequence, at least 1, the longest first.</param>
    /// <exception cref="ArgumentException">A length is below 1 or above the one before it, or there is none.</exception>
    public SequenceLayout(ReadOnlySpan<int> lengths)
        : this(lengths, [], [])
    {
    }

    /// <summary>Packs the next chunks of streams whose state is carried from one batch to the next.</summary>
    /// <param name="lengths">The frames of each sequence, at least 1, the longest first.</param>
    /// <param name="streams">The stream that each sequence continues, from 0, each at most once.</param>
    /// <param name="begins">True where the sequence is the beginning of an utterance: its state starts from zero.</param>
    /// <exception cref="ArgumentException">The lengths are not descending from 1 on, or the three differ in number.</exception>
    public SequenceLayout(ReadOnlySpan<int> lengths, ReadOnlySpan<int> streams, ReadOnlySpan<bool> begins)
    {
        if (lengths.IsEmpty)
            throw new ArgumentException("A batch needs at least one sequence.", nameof(lengths));
        if (streams.Length != begins.Length || (!streams.IsEmpty && streams.Length != lengths.Length))
        {
            throw new ArgumentException(
                $"{lengths.Length} sequences need as many streams and beginnings, got {streams.Length} and {begins.Length}.",
                nameof(streams));
        }

        for (var s = 0; s < lengths.Length; s++)
        {
            if (lengths[s] < 1 || (s > 0 && lengths[s] > lengths[s - 1]))
            {
                throw new ArgumentException(
                    $"Sequence {s} of {lengths[s]} frames: expected at least 1 and the longest first.", nameof(lengths));
            }
        }

        (_lengths, _streams, _begins) = (lengths.ToArray(), streams.ToArray(), begins.ToArray());
        if (_streams.Any(stream => stream < 0) || _streams.Distinct().Count() != _streams.Length)
            throw new ArgumentException("A stream is negative or appears twice in a batch.", nameof(streams));

        // A step has a row for each sequence that is longer than it: a prefix, as the longest come first.
        _offsets = new int[_lengths[0] + 1];
        var alive = _lengths.Length;
        for (var t = 0; t < Steps; t++)
        {
            while (_lengths[alive - 1] <= t)
                alive--;
            _offsets[t + 1] = checked(_offsets[t] + alive);
        }
    }

    /// <summary>Gets the frames of each sequence, the longest first.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Gets the first row of each step, and the number of rows as one more.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Gets the stream that each sequence continues; empty when no state is carried.</summary>
    public ReadOnlySpan<int> Streams => _streams;

    /// <summary>Gets a flag a sequence, true where it starts from the zero state; empty when no state is carried.</summary>
    public ReadOnlySpan<bool> Begins => _begins;

    /// <summary>Gets the number of sequences.</summary>
    public int Sequences => _lengths.Length;

    /// <summary>Gets the frames of the longest sequence.</summary>
    public int Steps => _lengths[0];

    /// <summary>Gets the frames of all sequences: the rows of the batch.</summary>
    public int Rows => _offsets[^1];

    internal ReadOnlyMemory<int> OffsetsMemory => _offsets;

    internal ReadOnlyMemory<int> StreamsMemory => _streams;

    internal ReadOnlyMemory<bool> BeginsMemory => _begins;

    /// <summary>The row of a frame.</summary>
    /// <param name="sequence">The sequence, from 0.</param>
    /// <param name="step">The frame within it, from 0.</param>
    public int RowOf(int sequence, int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, _lengths[sequence]);
        return _offsets[step] + sequence;
    }

    /// <summary>
    /// For each row the row of the frame at a distance in its own sequence; the ends of a sequence repeat, as in Kaldi's Splice.
    /// </summary>
    /// <param name="offset">In frames; negative is earlier.</param>
    public int[] Neighbours(int offset)
    {
        var rows = new int[Rows];
        for (var s = 0; s < Sequences; s++)
        {
            for (var t = 0; t < _lengths[s]; t++)
                rows[_offsets[t] + s] = _offsets[Math.Clamp(t + offset, 0, _lengths[s] - 1)] + s;
        }

        return rows;
    }
}

/// <summary>Lends a layout to native calls as <c>mimir_sequences</c>, with its arrays pinned.</summary>
internal ref struct NativeSequences : IDisposable
{
    private MemoryHandle _offsets, _streams, _begins;

    /// <summary>The structure, valid until this is disposed of.</summary>
    public Kernels.Sequences Value;

    public unsafe NativeSequences(SequenceLayout layout)
    {
        _offsets = layout.OffsetsMemory.Pin();
        Value = new() { Steps = layout.Steps, Offsets = (int*)_offsets.Pointer };
        if (layout.Streams.IsEmpty)
            return;

        _streams = layout.StreamsMemory.Pin();
        _begins = layout.BeginsMemory.Pin();
        Value.Streams = (int*)_streams.Pointer;
        Value.Begins = (bool*)_begins.Pointer;
    }

    public void Dispose()
    {
        _offsets.Dispose();
        _streams.Dispose();
        _begins.Dispose();
    }
}
