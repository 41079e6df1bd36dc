using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>Reads the keys and objects of an archive from its beginning to its end.</summary>
internal sealed class ArchiveReader<T>(Rspecifier table, Holder<T> holder, KaldiIoOptions io) : IDisposable
{
    private readonly KaldiReader _reader = KaldiReader.OpenArchive(table.Target, io);

    /// <summary>Reads the next key and object.</summary>
    /// <returns>False at the end; with option <c>p</c> also where damage begins, as in Kaldi.</returns>
    public bool TryRead(out KeyValuePair<string, T> entry)
    {
        entry = default;
        try
        {
            _reader.BeginObject();
            if (_reader.Position == 0)
                CheckBegin();

            _reader.SkipWhite();
            var key = _reader.ReadName();
            if (key.Length == 0)
                return false;

            SkipSeparator(key);
            entry = new KeyValuePair<string, T>(key, ReadObject(key));
            return true;
        }
        catch (InputException e) when (table.Permissive)
        {
            io.Warn?.Invoke($"{e.Message} Nothing behind it is read, because of the option p.");
            return false;
        }
    }

    /// <summary>Makes an exception that names the archive and the byte.</summary>
    public InputException Error(string message) => _reader.Error(message);

    public void Dispose() => _reader.Dispose();

    // An archive begins with a key.
    private void CheckBegin()
    {
        Span<byte> head = stackalloc byte[ObjectKinds.HeadLength];
        head = head[.._reader.PeekHead(head)];
        if (ObjectKinds.OfFile(head) is { } kind)
            throw _reader.Error($"expected an archive, which begins with a key; it is a single {kind}.");
    }

    private void SkipSeparator(string key)
    {
        var separator = _reader.Peek();
        if (separator is ' ' or '\t')
            _reader.ReadByte();
        else if (separator is not ('\n' or '\r'))
        {
            throw _reader.Error(
                $"expected a space after the key '{KaldiReader.Printable(key)}', "
                + $"{(separator < 0 ? "the file ends here" : $"got byte {separator}")}.");
        }
    }

    private T ReadObject(string key)
    {
        try
        {
            return holder.ReadMarked(_reader);
        }
        catch (InputException e)
        {
            throw new InputException($"{e.Message} (in the value of '{KaldiReader.Printable(key)}')", e);
        }
    }
}

/// <summary>Finds objects in an archive, which is read once from its beginning.</summary>
internal sealed class ArchiveSource<T>(Rspecifier table, Holder<T> holder, KaldiIoOptions io) : IKeyedSource<T>
{
    private readonly ArchiveReader<T> _archive = new(table, holder, io);
    private readonly Dictionary<string, T> _kept = [];

    // Options s,cs: keys are sorted and asked for in order, so earlier objects are not needed again.
    private readonly bool _forward = table is { Sorted: true, CalledSorted: true };
    private KeyValuePair<string, T>? _ahead;
    private string? _lastRead;
    private string? _lastAsked;
    private bool _ended;

    public bool TryGet(string key, [MaybeNullWhen(false)] out T value)
    {
        CheckAskingOrder(key);

        // Option o: an object is dropped when the next key is asked for.
        if (table.Once && _lastAsked is not null && _lastAsked != key)
            _kept.Remove(_lastAsked);

        _lastAsked = key;
        if (_kept.TryGetValue(key, out value))
            return true;

        while (TryReadUpTo(key, out var entry))
        {
            if (entry.Key == key)
            {
                if (_forward)
                    _kept.Clear();

                _kept.Add(key, value = entry.Value);
                return true;
            }

            if (!_forward && !_kept.TryAdd(entry.Key, entry.Value))
                throw _archive.Error($"'{entry.Key}' comes twice in the archive.");
        }

        value = default;
        return false;
    }

    public void Dispose() => _archive.Dispose();

    // Reads the next entry. Option s: an entry beyond the key waits until its own key is asked for.
    private bool TryReadUpTo(string key, out KeyValuePair<string, T> entry)
    {
        entry = default;
        if (_ahead is null && !_ended)
        {
            _ended = !_archive.TryRead(out var read);
            if (!_ended)
            {
                CheckArchiveOrder(read.Key);
                _ahead = read;
            }
        }

        if (_ahead is not { } next || (table.Sorted && KeyOrder.Instance.Compare(next.Key, key) > 0))
            return false;

        entry = next;
        _ahead = null;
        return true;
    }

    private void CheckAskingOrder(string key)
    {
        if (_forward && _lastAsked is not null && KeyOrder.Instance.Compare(key, _lastAsked) < 0)
        {
            throw new InputException(
                $"{table.Target}: option cs says that keys are asked for in sorted order, but '{key}' was asked for after "
                + $"'{_lastAsked}'; leave cs out.");
        }
    }

    private void CheckArchiveOrder(string key)
    {
        if (table.Sorted && _lastRead is not null && KeyOrder.Instance.Compare(key, _lastRead) <= 0)
        {
            throw _archive.Error(
                $"option s says that the archive is sorted, but '{key}' follows '{_lastRead}'; leave s out, or sort it as "
                + "LC_ALL=C sort does.");
        }

        _lastRead = key;
    }
}
