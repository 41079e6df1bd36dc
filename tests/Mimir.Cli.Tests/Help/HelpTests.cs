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
    [InlineData("transcribe")]
    [InlineData("package")]
    [InlineData("score")]
    [InlineData("compare")]
    [InlineData("table")]
    [InlineData("ledger")]
    [InlineData("emulate")]
    [InlineData("plan")]
    [InlineData("kaldi")]
    [InlineData("doctor")]
    [InlineData("completion")]
    [InlineData("init")]
    [InlineData("man")]
    [InlineData("lang")]
    [InlineData("lm")]
    [InlineData("g2p")]
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
    [InlineData("train", "<recipe> is missing: The recipe, a YAML file.")]
    [InlineData("train a.yaml b.yaml", "'b.yaml' is one argument too many for 'train'")]
    [InlineData("infer --help", "there is no command 'infer' here")]
    [InlineData("recipe chek --help", "there is no command 'chek' here; did you mean 'check'?")]
    [InlineData("train --restrat --help", "there is no option '--restrat' here; did you mean '--restart'?")]
    [InlineData("recipe", "expected one of the commands check, show, keys, schema")]
    [InlineData("train a.yaml --quiet --verbose", "--quiet and --verbose exclude each other")]
    [InlineData("compare a --seed -1", "--seed: expected a whole number from 0, got '-1'")]
    [InlineData("score a b --unit Phone", "--unit: expected Word or Character, got 'Phone'")]
    [InlineData("score a b --unit", "--unit: expected Word or Character, got nothing")]
    [InlineData("features a --output b --num-mel-bin=4", "there is no option '--num-mel-bin=4' here; did you mean '--num-mel-bins'?")]
    [InlineData("features a --output b --jobs -1", "--jobs: expected a number from 0 to 1024, got -1")]
    [InlineData("completion tcsh", "Argument 'tcsh' not recognized. Must be one of: 'bash' 'zsh' 'fish'")]
    [InlineData("@none", "there is no command '@none' here")]
    [InlineData("import a", "--output is missing: The model folder to make.")]
    [InlineData(
        "launch -n 2 train a.yaml --set b=c",
        "'--set' is no option of 'launch'; what the workers run comes after --: mimir launch -n 2 -- train a.yaml --set b=c")]
    [InlineData("launch --wokers 2 -- train a.yaml", "there is no option '--wokers' here; did you mean '--workers'?")]
    [InlineData("launch -n 2 --port 99999 -- train a.yaml", "--port: expected a number from 0 to 65535, got 99999")]
    public async Task Wrong_command_line_exits_2_with_a_hint(string line, string hint)
    {
        var outcome = await MimirProcess.RunAsync(Path.GetTempPath(), line.Split(' '));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains(hint, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("--help'", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Errors.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Launch_refuses_a_wrong_command_before_workers_start()
    {
        var outcome = await MimirProcess.RunAsync(Path.GetTempPath(), "launch", "-n", "2", "--", "trian", "a.yaml");

        outcome.Refused("launch: after --: there is no command 'trian' here; did you mean 'train'?");
    }

    [Fact]
    public async Task Help_as_a_command_is_the_option()
    {
        var command = MimirProcess.RunAsync(Path.GetTempPath(), "help", "recipe", "check");
        var option = MimirProcess.RunAsync(Path.GetTempPath(), "recipe", "check", "--help");

        Assert.Equal((await option).Succeeded().Output, (await command).Succeeded().Output);
    }
}
