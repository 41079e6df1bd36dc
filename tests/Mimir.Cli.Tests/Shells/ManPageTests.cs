using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Shells;

/// <summary>The manual page of <c>mimir man</c>.</summary>
public sealed class ManPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_has_commands_options_and_exit_codes()
    {
        var page = (await MimirProcess.RunAsync(_folder.Path, "man")).Succeeded().Output;

        foreach (var part in (string[])
        [
            ".SS \"mimir recipe check recipe [options]\"\n", ".SS \"mimir launch command ... [options]\"\n",
            ".TP\n\\fB\\-\\-unit\\fR \\fIWord|Character\\fR\n", ".TP\n.B 130\ninterrupted\n",
            "mimir kaldi compute\\-fbank\\-feats",
        ])
        {
            Assert.Contains(part, page, StringComparison.Ordinal);
        }

        Assert.All(page.Split('\n'), line => Assert.DoesNotMatch("^['.](?!(TH|SH|SS|TP|B|I|RI|RS|RE|nf|fi)\\b)", line));
    }

    [ProgramTheory("mandoc")]
    [InlineData("-T", "lint", "-W", "error")]
    public Task Mandoc_finds_no_error(params string[] arguments) => AcceptsAsync("mandoc", arguments);

    [ProgramTheory("man")]
    [InlineData("--warnings", "-l")]
    public async Task Man_shows_it_without_a_warning(params string[] arguments) =>
        Assert.Contains("mimir score", await AcceptsAsync("man", arguments), StringComparison.Ordinal);

    private async Task<string> AcceptsAsync(string program, string[] arguments)
    {
        var page = _folder.Write("mimir.1", (await MimirProcess.RunAsync(_folder.Path, "man")).Succeeded().Output);

        using var process = MimirProcess.StartOther(program, _folder.Path, [.. arguments, page]);
        var outcome = (await MimirProcess.EndOfAsync(process)).Succeeded();

        Assert.Empty(outcome.Errors);
        return outcome.Output;
    }
}
