using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>Finds values in an archive, which is read once from its beginning.</summary>
internal sealed class ArchiveSource<T>(Rspecifier table, KaldiIoOptions options, Func<KaldiReader, T> parse)
    : IKeyedSource<T>
{
    private readonly KaldiReader _reader = KaldiReader.Open(table.Target, options);
    private readonly Dictionary<string, T> _kept = [];

    // Where every key is sorted and asked for in order, the past is never needed again.
    private readonly bool _forgets = table is { Sorted: true, CalledSorted: true };
    private KeyValuePair<string, T>? _ahead;
    private string? _lastRead;
    private string? _lastAsked;
    private bool _ended;

    public bool TryGet(string key, [MaybeNullWhen(false)] out T value)
    {
        CheckOrder(key);
        if (table.Once && _lastAsked is not null && _lastAsked != key)
            _kept.Remove(_lastAsked);

        _lastAsked = key;
        if (_kept.TryGetValue(key, out value))
            return true;

        while (HasNext(key, out var entry))
        {
            if (entry.Key == key)
            {
                if (_forgets)
                    _kept.Clear();

                _kept.Add(key, value = entry.Value);
                return true;
            }

            if (!_forgets && !_kept.TryAdd(entry.Key, entry.Value))
                throw _reader.Error($"'{entry.Key}' comes twice in the archive.");
        }

        value = default;
        return false;
    }

    public void Dispose() => _reader.Dispose();

    // The next entry that is not beyond the key; one that is beyond waits.
    private bool HasNext(string key, out KeyValuePair<string, T> entry)
    {
        entry = default;
        if (_ahead is null && !_ended)
        {
            _ended = !TableReader.TryReadEntry(_reader, parse, table.Permissive, out var read);
            if (!_ended)
            {
                CheckSorted(read.Key);
                _ahead = read;
            }
        }

        if (_ahead is not { } next || (table.Sorted && KeyOrder.Instance.Compare(next.Key, key) > 0))
            return false;

        entry = next;
        _ahead = null;
        return true;
    }

    private void CheckOrder(string key)
    {
        if (_forgets && _lastAsked is not null && KeyOrder.Instance.Compare(key, _lastAsked) < 0)
        {
            throw new InputException(
                $"{table.Target}: option cs says that keys are asked for in sorted order, but '{key}' was asked for after "
                + $"'{_lastAsked}'; leave cs out.");
        }
    }

    private void CheckSorted(string key)
    {
        if (table.Sorted && _lastRead is not null && KeyOrder.Instance.Compare(key, _lastRead) <= 0)
        {
            throw _reader.Error(
                $"option s says that the archive is sorted, but '{key}' follows '{_lastRead}'; leave s out, or sort it as "
                + "LC_ALL=C sort does.");
        }

        _lastRead = key;
    }
}
