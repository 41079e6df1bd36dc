namespace Mimir.Decode.Graphs;

/// <summary>OpenFst's binary symbol tables, as they are embedded in transducers.</summary>
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
