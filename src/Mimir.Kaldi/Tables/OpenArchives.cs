namespace Mimir.Kaldi.Tables;

/// <summary>Keeps the archives that a script points into open, so that a thousand utterances open few files.</summary>
internal sealed class OpenArchives(KaldiIoOptions options) : IDisposable
{
    private const int Capacity = 32;

    private readonly Dictionary<string, KaldiReader> _open = [];
    private readonly LinkedList<string> _recent = [];

    /// <summary>Hands a reader at the named place to a function.</summary>
    public T Use<T>(Rxfilename place, Func<KaldiReader, T> read)
    {
        if (place.Kind != RxKind.File || place.IsGzip)
        {
            using var once = new KaldiReader(KaldiInput.Open(place, options), place.Target);
            return read(once);
        }

        if (_open.TryGetValue(place.Target, out var reader))
        {
            _recent.Remove(place.Target);
        }
        else
        {
            reader = new KaldiReader(KaldiInput.Open(place with { Offset = 0 }, options), place.Target);
            if (!reader.CanSeek)
            {
                using (reader)
                    return read(reader);
            }

            if (_open.Count == Capacity && _recent.Last is { } oldest)
            {
                _open.Remove(oldest.Value, out var closing);
                closing?.Dispose();
                _recent.RemoveLast();
            }

            _open.Add(place.Target, reader);
        }

        _recent.AddFirst(place.Target);
        reader.Seek(place.Offset);
        return read(reader);
    }

    public void Dispose()
    {
        foreach (var reader in _open.Values)
            reader.Dispose();

        _open.Clear();
        _recent.Clear();
    }
}
