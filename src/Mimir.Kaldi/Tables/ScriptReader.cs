using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>Reads the objects that the lines of a script name.</summary>
internal sealed class ScriptReader<T>(Rspecifier table, Holder<T> holder, KaldiIoOptions io) : IDisposable
{
    private readonly ArchiveCache _archives = new(io);

    // Neighbouring lines often name parts of the same object.
    private (Rxfilename Place, T Value)? _lastWhole;

    /// <summary>Reads an object, or the part of it that the line names.</summary>
    /// <returns>False where option <c>p</c> lets damaged and missing objects pass.</returns>
    public bool TryRead(ScriptEntry entry, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = Read(Rxfilename.Parse(entry.Rxfilename), entry.Rxfilename);
            return true;
        }
        catch (Exception e) when (table.Permissive && e is InputException or IOException)
        {
            io.Warn?.Invoke($"{entry.Failure(table.Target, e).Message} '{entry.Key}' is passed over, because of the option p.");
            value = default;
            return false;
        }
        catch (Exception e) when (e is InputException or FileNotFoundException)
        {
            throw entry.Failure(table.Target, e);
        }
    }

    public void Dispose() => _archives.Dispose();

    private T Read(Rxfilename name, string text)
    {
        if (name.Range is not { } range)
            return ReadWhole(name);

        var place = name with { Range = null };
        var whole = _lastWhole is { } last && last.Place == place ? last.Value : ReadWhole(place);
        _lastWhole = place.Kind == RxKind.File ? (place, whole) : null;
        return holder.Extract(whole, range, text);
    }

    private T ReadWhole(Rxfilename place) =>
        place.IsWholeFile && holder.TryReadFile(place.Target, out var value) ? value : _archives.Read(place, holder);
}

/// <summary>Keeps the archives that a script points into open, so that a thousand utterances open few files.</summary>
internal sealed class ArchiveCache(KaldiIoOptions io) : IDisposable
{
    private const int Capacity = 32;

    private readonly Dictionary<string, KaldiReader> _open = [];
    private readonly LinkedList<string> _recent = [];

    public T Read<T>(Rxfilename place, Holder<T> holder)
    {
        if (place.Kind != RxKind.File || place.IsGzip)
        {
            using var once = new KaldiReader(KaldiInput.Open(place, io), place.Target);
            var value = holder.ReadMarked(once);
            once.CheckRest();
            return value;
        }

        if (_open.TryGetValue(place.Target, out var reader))
        {
            _recent.Remove(place.Target);
        }
        else
        {
            reader = new KaldiReader(KaldiInput.Open(place with { Offset = 0 }, io), place.Target);
            if (!reader.CanSeek)
            {
                using (reader)
                    return holder.ReadMarked(reader);
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
        return holder.ReadMarked(reader);
    }

    public void Dispose()
    {
        foreach (var reader in _open.Values)
            reader.Dispose();

        _open.Clear();
        _recent.Clear();
    }
}

/// <summary>Finds objects through a script, reading each when it is asked for.</summary>
internal sealed class ScriptSource<T> : IKeyedSource<T>
{
    private readonly Rspecifier _table;
    private readonly ScriptReader<T> _objects;
    private readonly Dictionary<string, ScriptEntry> _entries = [];

    // Consecutive segments of a recording ask for the same object; like Kaldi, the last one is kept.
    private (string Key, T Value)? _last;

    public ScriptSource(Rspecifier table, Holder<T> holder, KaldiIoOptions io)
    {
        _table = table;
        _objects = new ScriptReader<T>(table, holder, io);
        string? last = null;
        foreach (var entry in ScriptFile.Read(table.Target, io))
        {
            if (!_entries.TryAdd(entry.Key, entry))
                throw Error(entry, $"'{entry.Key}' comes twice, first in line {_entries[entry.Key].Line}.");

            if (table.Sorted && last is not null && KeyOrder.Instance.Compare(entry.Key, last) < 0)
            {
                throw Error(
                    entry,
                    $"option s says that the script is sorted, but '{entry.Key}' follows '{last}'; leave s out, or sort it as "
                    + "LC_ALL=C sort does.");
            }

            last = entry.Key;
        }
    }

    public bool TryGet(string key, [MaybeNullWhen(false)] out T value)
    {
        if (_last is { } last && last.Key == key)
        {
            value = last.Value;
            return true;
        }

        value = default;
        if (!_entries.TryGetValue(key, out var entry) || !_objects.TryRead(entry, out value))
            return false;

        _last = (key, value);
        return true;
    }

    public void Dispose() => _objects.Dispose();

    private InputException Error(ScriptEntry entry, string message) => new($"{_table.Target}:{entry.Line}: {message}");
}
