using Mimir.Lab.Comparison;

namespace Mimir.Lab.Tests.Comparison;

public sealed class TextTableTests
{
    private readonly TextTable _table = new(["name", "of", "%"], [["a|b", "x", "1.5"], ["long name", "y", "10"]], words: 2);

    [Fact]
    public void Plain_puts_columns_under_each_other() =>
        Assert.Equal("name       of    %\na|b        x   1.5\nlong name  y    10\n", _table.Plain());

    [Fact]
    public void Markdown_aligns_figures_and_escapes_bars() =>
        Assert.Equal("| name | of | % |\n| --- | --- | ---: |\n| a\\|b | x | 1.5 |\n| long name | y | 10 |\n", _table.Markdown());
}
