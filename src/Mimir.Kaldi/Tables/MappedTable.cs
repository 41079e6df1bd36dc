using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// A table that is asked for utterances and holds values for speakers, with a map from one to the other; without a map
/// it holds values for utterances.
/// </summary>
/// <typeparam name="T">What the table holds.</typeparam>
public sealed class MappedTable<T> : IDisposable
{
    private readonly RandomAccessTable<T> _values;
    private readonly RandomAccessTable<string[]>? _speakers;
    private readonly string _map;

    /// <summary>Joins a table and a map.</summary>
    /// <param name="values">The table; it is disposed with this one.</param>
    /// <param name="map">A table of one speaker for each utterance, such as <c>ark:utt2spk</c>; empty for none.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    public MappedTable(RandomAccessTable<T> values, string map, KaldiIoOptions? options = null)
    {
        _values = values;
        _map = map;
        try
        {
            _speakers = map.Length == 0 ? null : TokenTable.OpenRandom(map, options);
        }
        catch (Exception)
        {
            values.Dispose();
            throw;
        }
    }

    /// <summary>Finds the value of an utterance's speaker.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether the table has one.</returns>
    /// <exception cref="InputException">The map has not exactly one speaker for the utterance.</exception>
    public bool TryGet(string utterance, [MaybeNullWhen(false)] out T value)
    {
        if (_speakers is null)
            return _values.TryGet(utterance, out value);
        if (!_speakers.TryGet(utterance, out var words))
            throw new InputException($"{_map}: expected a speaker for '{utterance}', which the map does not have.");
        if (words.Length != 1)
            throw new InputException($"{_map}: expected one speaker for '{utterance}', got {words.Length}.");

        return _values.TryGet(words[0], out value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _speakers?.Dispose();
    }
}
