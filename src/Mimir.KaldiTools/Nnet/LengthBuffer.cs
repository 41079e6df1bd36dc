using System.Collections;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1.Prototypes;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Reads features ahead and returns utterances of nearly the same length one after the other: nnet1's MatrixBuffer.</summary>
/// <remarks>
/// A length is drawn in proportion to the frames of the utterances that have it, and holds until <see cref="Redraw"/>. The next
/// utterance is the first of that length, else of the next greater one, else of the greatest. As in Kaldi, the draws are those of
/// the C library without a seed, and the last utterance is never returned.
/// </remarks>
/// <param name="features">The features by utterance.</param>
/// <param name="log">Receives a line whenever it reads.</param>
internal sealed class LengthBuffer(IEnumerable<KeyValuePair<string, FloatMatrix>> features, KaldiLog log)
    : IEnumerable<KeyValuePair<string, FloatMatrix>>
{
    private const long Mega = 1 << 20;
    private const long Capacity = 3 * 1024;

    private readonly SortedDictionary<int, Queue<KeyValuePair<string, FloatMatrix>>> _byLength = [];
    private readonly CLibraryRandom _random = new(1);
    private int _preferred;
    private int _count;
    private long _bytes;

    /// <summary>Forgets the length: the next utterance may have any length.</summary>
    public void Redraw() => _preferred = 0;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, FloatMatrix>> GetEnumerator()
    {
        using var source = features.GetEnumerator();
        var more = source.MoveNext();
        Fill(source, ref more);
        while (more || _count > 1)
        {
            var length = Draw();
            var queue = _byLength[length];
            yield return queue.Peek();

            Remove(length, queue);
            if (_bytes / Mega < Capacity / 2)
                Fill(source, ref more);
        }

        if (_byLength.Values.FirstOrDefault() is { } rest)
            log.Warning($"{rest.Peek().Key}, the last utterance of the buffer, is left out, as Kaldi leaves it out");
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Fill(IEnumerator<KeyValuePair<string, FloatMatrix>> source, ref bool more)
    {
        if (!more)
            return;

        LogRead("started");
        for (; more && _bytes / Mega <= Capacity; more = source.MoveNext())
        {
            var entry = source.Current;
            if (!_byLength.TryGetValue(entry.Value.Rows, out var queue))
                _byLength[entry.Value.Rows] = queue = [];

            queue.Enqueue(entry);
            _count++;
            _bytes += SizeOf(entry.Value);
        }

        if (more)
            LogRead("finished");
    }

    private void LogRead(string what) =>
        log.Log($"Read() {what}... Buffer size in MB: {_bytes / Mega}, max {Capacity}, having {_count} utterances.");

    private void Remove(int length, Queue<KeyValuePair<string, FloatMatrix>> queue)
    {
        _bytes -= SizeOf(queue.Dequeue().Value);
        _count--;
        if (queue.Count == 0)
            _byLength.Remove(length);
    }

    private int Draw()
    {
        var longest = _byLength.Keys.Last();
        if (_preferred == 0)
        {
            var tickets = _byLength.Sum(entry => Tickets(entry.Key, entry.Value.Count, longest));
            var ticket = tickets == 0 ? 0 : _random.Next() % tickets;
            foreach (var (length, queue) in _byLength)
            {
                ticket -= Tickets(length, queue.Count, longest);
                if (ticket < 0)
                {
                    _preferred = length;
                    break;
                }
            }
        }

        return _byLength.Keys.FirstOrDefault(length => length >= _preferred, longest);
    }

    // One for each time that the longest utterance fits into the frames of the length, and one for the rest.
    private static int Tickets(int length, int utterances, int longest) =>
        longest == 0 ? 0 : (int)((((long)length * utterances) + longest - 1) / longest);

    // Kaldi's rows begin at multiples of 16 bytes.
    private static long SizeOf(FloatMatrix matrix) => (long)matrix.Rows * ((matrix.Columns + 3) / 4 * 4) * sizeof(float);
}
