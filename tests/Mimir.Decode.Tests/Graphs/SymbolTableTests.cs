using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Tests.Graphs;

public sealed class SymbolTableTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_written_table_gives_the_same_labels()
    {
        var table = new SymbolTable();
        table.TryAdd("<eps>", 0);
        table.TryAdd("一", 7);

        File.WriteAllLines(_path, table.Entries.Select(entry => $"{entry.Key} {entry.Value}"));
        var again = SymbolTable.Read(_path);

        Assert.Equal(["一", "<eps>"], again.SymbolsOf([7, 0]));
        Assert.Equal(table.Entries, again.Entries);
    }

    [Theory]
    [InlineData("a 1\nb")]
    [InlineData("a 1\nb two")]
    [InlineData("a 1\nb -2")]
    [InlineData("a 1\nb 1")]
    [InlineData("a 1\na 2")]
    public void Read_bad_line_fails_with_its_number(string text)
    {
        File.WriteAllText(_path, text);

        var failure = Assert.Throws<InputException>(() => SymbolTable.Read(_path));

        Assert.StartsWith($"{_path}:2:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SymbolOf_unknown_label_asks_for_the_right_table()
    {
        var failure = Assert.Throws<InputException>(() => new SymbolTable().SymbolOf(5));

        Assert.Contains("words.txt", failure.Message, StringComparison.Ordinal);
    }
}
