using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Data;

/// <summary>A file of a data directory: a key and the rest on each line, no key twice.</summary>
public sealed class KeyedLines
{
    private readonly Dictionary<string, (int Line, string Text)> _byKey = [];
    private readonly List<string> _keys = [];

    private KeyedLines(string path) => FilePath = path;

    /// <summary>Gets the path of the file.</summary>
    public string FilePath { get; }

    /// <summary>Gets the keys in the file's order.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>Reads a file of a folder; null when the folder does not have it.</summary>
    /// <param name="folder">The data directory.</param>
    /// <param name="name">The name of the file.</param>
    /// <param name="encoding">The encoding; null for UTF-8.</param>
    /// <exception cref="InputException">A line is empty, or a key comes twice.</exception>
    public static KeyedLines? ReadIfPresent(string folder, string name, Encoding? encoding = null)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? Read(path, encoding) : null;
    }

    /// <summary>Finds the rest of the line of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">The rest of its line; empty when there is none.</param>
    /// <returns>True when the file has the key.</returns>
    public bool TryGet(string key, out string text)
    {
        var found = _byKey.TryGetValue(key, out var entry);
        text = found ? entry.Text : "";
        return found;
    }

    /// <summary>Tests for a key.</summary>
    public bool Contains(string key) => _byKey.ContainsKey(key);

    /// <summary>Makes an exception that names the line of a key.</summary>
    /// <param name="key">A key of the file.</param>
    /// <param name="message">What was expected and what was there.</param>
    public InputException Error(string key, string message) => new($"{FilePath}:{_byKey[key].Line}: {message}");

    /// <summary>Requires that every key of this file is known elsewhere.</summary>
    /// <param name="known">Tests a key.</param>
    /// <param name="what">The kind of key, for the message.</param>
    /// <param name="elsewhere">The file that must have the keys, for the message.</param>
    /// <exception cref="InputException">A key is not known.</exception>
    public void RequireKeysIn(Func<string, bool> known, string what, string elsewhere)
    {
        foreach (var key in Keys)
        {
            if (!known(key))
                throw Error(key, $"{what} '{key}' is not in {elsewhere}; take the line out or add it there.");
        }
    }

    private static KeyedLines Read(string path, Encoding? encoding)
    {
        var lines = new KeyedLines(path);
        foreach (var (line, key, text) in ScriptFile.ReadLines(path, io: null, encoding))
        {
            if (!lines._byKey.TryAdd(key, (line, text)))
                throw new InputException($"{path}:{line}: '{key}' comes twice, first in line {lines._byKey[key].Line}.");

            lines._keys.Add(key);
        }

        return lines;
    }
}
