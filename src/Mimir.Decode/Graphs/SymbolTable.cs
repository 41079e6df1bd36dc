using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Graphs;

/// <summary>A bidirectional map of symbols and labels: <c>words.txt</c> or <c>phones.txt</c>.</summary>
public sealed class SymbolTable
{
    private readonly Dictionary<int, string> _symbols = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _next;

    /// <summary>Creates an empty table.</summary>
    public SymbolTable() => _bySpan = _labels.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Gets the number of symbols.</summary>
    public int Count => _symbols.Count;

    /// <summary>Gets the symbols and their labels in the order they were added.</summary>
    public IEnumerable<KeyValuePair<string, int>> Entries => _labels;

    /// <summary>Reads a text table, one <c>symbol label</c> on a line.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line has another form, or a symbol or label comes twice.</exception>
    public static SymbolTable Read(string path)
    {
        return File.Exists(path) ? Read(path, null) : throw new FileNotFoundException($"{path}: no such symbol table", path);
    }

    /// <summary>Reads a text table from an extended file name.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static SymbolTable Read(string path, KaldiIoOptions? io)
    {
        var table = new SymbolTable();
        var number = 0;
        using var lines = KaldiInput.OpenText(path, io);
        while (lines.ReadLine() is { } line)
        {
            number++;
            var fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
                continue;

            if (fields.Length != 2 || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var label) || label < 0)
                throw new InputException($"{path}:{number}: expected 'symbol label', got '{line}'");

            if (!table.TryAdd(fields[0], label))
                throw new InputException($"{path}:{number}: symbol '{fields[0]}' or label {label} comes twice");
        }

        return table;
    }

    /// <summary>Writes the table as OpenFst does: text in the order of the labels, with tabs.</summary>
    /// <param name="wxfilename">The extended file name.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string wxfilename, KaldiIoOptions? io = null)
    {
        using var output = KaldiOutput.Open(wxfilename, io);
        foreach (var (symbol, label) in Entries.OrderBy(entry => entry.Value))
            output.Stream.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{symbol}\t{label}\n")));
    }

    /// <summary>Adds a symbol unless it or its label exists already.</summary>
    public bool TryAdd(string symbol, int label)
    {
        if (_symbols.ContainsKey(label) || !_labels.TryAdd(symbol, label))
            return false;

        _symbols.Add(label, symbol);
        _next = Math.Max(_next, label + 1);
        return true;
    }

    /// <summary>The label of a symbol, which is added behind the largest label where the table does not have it.</summary>
    public int Add(string symbol)
    {
        if (_labels.TryGetValue(symbol, out var label))
            return label;

        label = _next;
        TryAdd(symbol, label);
        return label;
    }

    /// <summary>The label of a symbol; -1 where the table does not have it.</summary>
    public int Find(ReadOnlySpan<char> symbol) => _bySpan.TryGetValue(symbol, out var label) ? label : -1;

    /// <summary>Tests for a label.</summary>
    public bool Has(int label) => _symbols.ContainsKey(label);

    /// <summary>The symbol of a label.</summary>
    /// <exception cref="InputException">No symbol has this label: the table and the graph do not belong
    /// together.</exception>
    public string SymbolOf(int label) =>
        _symbols.TryGetValue(label, out var symbol)
            ? symbol
            : throw new InputException($"no symbol has label {label}: is this the words.txt of this graph?");

    /// <summary>The symbols of several labels.</summary>
    public string[] SymbolsOf(IEnumerable<int> labels) => [.. labels.Select(SymbolOf)];
}

/// <summary>OpenFst's binary symbol tables, embedded in transducers.</summary>
internal static class SymbolTableFormat
{
    private const int Magic = 2125658996;

    public static SymbolTable Read(FstStream stream)
    {
        var magic = stream.Int32();
        if (magic != Magic)
            throw stream.Error($"expected a symbol table, got magic number {magic}");

        _ = stream.Text("name of the symbol table");
        _ = stream.Int64(); // the next free label
        var count = stream.Int64();
        var table = new SymbolTable();
        for (long i = 0; i < count; i++)
        {
            var symbol = stream.Text("symbol");
            var label = stream.Int64();
            if (label is < 0 or > int.MaxValue || !table.TryAdd(symbol, (int)label))
                throw stream.Error($"expected a new symbol and label, got '{symbol}' and {label}");
        }

        return table;
    }

    public static void Write(BinaryWriter writer, SymbolTable table, string name)
    {
        writer.Write(Magic);
        FstWriter.WriteText(writer, name);
        writer.Write(table.Entries.Select(entry => entry.Value + 1L).DefaultIfEmpty().Max());
        writer.Write((long)table.Count);
        foreach (var (symbol, label) in table.Entries)
        {
            FstWriter.WriteText(writer, symbol);
            writer.Write((long)label);
        }
    }
}
