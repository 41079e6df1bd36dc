using Mimir.KaldiTools;

namespace Mimir.Cli.Tests.Commands;

/// <summary>The committed list of programs says what there is. <c>MIMIR_WRITE_DOCS=1 dotnet test</c> writes it anew.</summary>
public sealed class KaldiDocumentsTests
{
    private const string Begin = "dotnet test tests/Mimir.Cli.Tests writes them -->\n";
    private const string End = "<!-- end -->";

    [Fact]
    public void Programs_in_docs_are_those_of_the_toolbox()
    {
        var path = Path.Combine(SharedData.Checkout, "docs", "kaldi-tools.md");
        var page = File.ReadAllText(path).ReplaceLineEndings("\n");
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        var rows = KaldiToolbox.Tools.Select(tool => $"| `{tool.Name}` | {tool.Summary.Replace("|", "\\|", StringComparison.Ordinal)} |\n");

        var expected = $"{page[..begin]}| program | what it does |\n|---|---|\n{string.Concat(rows)}{page[end..]}";
        if (Environment.GetEnvironmentVariable("MIMIR_WRITE_DOCS") == "1")
            File.WriteAllText(path, expected);

        Assert.Equal(expected, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
