using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>Finds values through a script, reading each object when it is asked for.</summary>
internal sealed class ScriptSource<T> : IKeyedSource<T>
{
    private readonly Rspecifier _table;
    private readonly IScriptObjects<T> _objects;
    private readonly Dictionary<string, ScriptEntry> _entries = [];

    public ScriptSource(Rspecifier table, IScriptObjects<T> objects, KaldiIoOptions options)
    {
        _table = table;
        _objects = objects;
        string? last = null;
        foreach (var entry in ScriptFile.Read(table.Target, options))
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
        value = default;
        return _entries.TryGetValue(key, out var entry) && _objects.TryRead(entry, out value);
    }

    public void Dispose() => _objects.Dispose();

    private InputException Error(ScriptEntry entry, string message) => new($"{_table.Target}:{entry.Line}: {message}");
}
