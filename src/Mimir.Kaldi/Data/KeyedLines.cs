using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Data;

/// <summary>A file of a data directory: a key and the rest on each line, no key twice.</summary>
internal sealed class KeyedLines
{
    private readonly Dictionary<string, (int Line, string Text)> _byKey = [];

    private KeyedLines(string path) => FilePath = path;

    public string FilePath { get; }

    /// <summary>The keys in the file's order.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>Reads a file, or gives null when there is none.</summary>
    public static KeyedLines? ReadIfPresent(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? Read(path) : null;
    }

    public bool TryGet(string key, out string text)
    {
        var found = _byKey.TryGetValue(key, out var entry);
        text = found ? entry.Text : "";
        return found;
    }

    public bool Contains(string key) => _byKey.ContainsKey(key);

    /// <summary>An error that names the line of a key.</summary>
    public InputException Error(string key, string message) => new($"{FilePath}:{_byKey[key].Line}: {message}");

    /// <summary>Requires that every key of this file is known elsewhere.</summary>
    public void RequireKeysIn(Func<string, bool> known, string what, string elsewhere)
    {
        foreach (var key in Keys)
        {
            if (!known(key))
                throw Error(key, $"{what} '{key}' is not in {elsewhere}; take the line out or add it there.");
        }
    }

    private static KeyedLines Read(string path)
    {
        var lines = new KeyedLines(path);
        foreach (var (line, key, text) in ScriptFile.ReadLines(path))
        {
            if (!lines._byKey.TryAdd(key, (line, text)))
                throw new InputException($"{path}:{line}: '{key}' comes twice, first in line {lines._byKey[key].Line}.");

            lines.Keys.Add(key);
        }

        return lines;
    }
}
