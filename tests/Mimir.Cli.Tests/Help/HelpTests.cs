using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Help;

/// <summary>The help of every command, and the hints after a wrong command line.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("recipe")]
    [InlineData("recipe check")]
    [InlineData("recipe show")]
    [InlineData("recipe keys")]
    [InlineData("recipe schema")]
    [InlineData("corpus")]
    [InlineData("corpus synth")]
    [InlineData("features")]
    [InlineData("decode")]
    [InlineData("decode run")]
    [InlineData("decode ark")]
    [InlineData("score")]
    [InlineData("compare")]
    [InlineData("table")]
    [InlineData("ledger")]
    [InlineData("emulate")]
    [InlineData("plan")]
    [InlineData("kaldi")]
    [InlineData("doctor")]
    public async Task Help_shows_an_example_of_the_command(string command)
    {
        var outcome = await MimirProcess.RunAsync(
            Path.GetTempPath(), [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        outcome.Succeeded();
        var examples = outcome.Output[outcome.Output.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.Contains($"  mimir {command}".TrimEnd(), examples, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trian recipe.yaml", "there is no command 'trian' here; did you mean 'train'?")]
    [InlineData("train recipe.yaml --restrat", "there is no option '--restrat' here; did you mean '--restart'?")]
    [InlineData("score --unti a b", "there is no option '--unti' here; did you mean '--unit'?")]
    [InlineData("train", "recipe")]
    public async Task Wrong_command_line_exits_2_with_a_hint(string line, string hint)
    {
        var outcome = await MimirProcess.RunAsync(Path.GetTempPath(), line.Split(' '));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains(hint, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("--help'", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Errors.TrimEnd().Split('\n').Length);
    }
}
