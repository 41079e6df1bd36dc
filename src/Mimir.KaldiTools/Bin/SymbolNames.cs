using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Bin;

/// <summary>A symbol table such as phones.txt: names by number.</summary>
internal sealed class SymbolNames
{
    private readonly Dictionary<int, string> _names = [];
    private readonly string _path;

    private SymbolNames(string path) => _path = path;

    /// <summary>Reads lines of a name and its number.</summary>
    /// <exception cref="InputException">A line is malformed; the message names it.</exception>
    public static SymbolNames Read(string path, KaldiIoOptions io)
    {
        var symbols = new SymbolNames(path);
        using var text = KaldiInput.OpenText(path, io);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (words.Length != 2 || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                throw new InputException($"{path}:{number}: expected a symbol and its number, got '{line}'.");

            symbols._names[id] = words[0];
        }

        return symbols;
    }

    /// <summary>Gets the name of a number.</summary>
    /// <exception cref="InputException">The number has no name.</exception>
    public string Of(int id) => _names.TryGetValue(id, out var name)
        ? name
        : throw new InputException($"{_path}: line {_names.Count}: expected a symbol with the number {id}, there is none.");

    /// <summary>A line of an utterance and the names of its words, as programs print it.</summary>
    /// <exception cref="InputException">A word has no name.</exception>
    public string Line(string utterance, IEnumerable<int> words) => $"{utterance} {string.Concat(words.Select(word => Of(word) + " "))}";

    /// <summary>Gets the number of a name; null where there is none.</summary>
    public int? NumberOf(string name) =>
        _names.FirstOrDefault(entry => entry.Value == name) is { Value: not null } found ? found.Key : null;

    /// <summary>Gets the name of a number; empty where it has none.</summary>
    public string Find(int id) => _names.GetValueOrDefault(id, "");
}
