using System.Collections.Concurrent;
using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Shells;

/// <summary>The shells themselves complete command lines with the scripts of <c>mimir completion</c>.</summary>
public sealed class CompletionScriptTests : IDisposable
{
    // Completes the words after it; the last one is under the cursor.
    private const string Bash = """
        source ./script
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _mimir
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    // The functions of zsh's completion system need a terminal: these print what they are given.
    private const string Zsh = """
        _describe() { print -l -- ${${(P)@[-1]}%%:*} }
        _files() { print files }
        _message() { print nothing }
        source ./script
        words=("$@")
        CURRENT=$#
        _mimir
        """;

    private static readonly ConcurrentDictionary<string, Task<string>> Scripts = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProgramTheory("bash")]
    [InlineData("mimir reci", "recipe")]
    [InlineData("mimir recipe ", "check show keys schema")]
    [InlineData("mimir --verbose recipe ch", "check")]
    [InlineData("mimir score --uni", "--unit")]
    [InlineData("mimir score --unit ", "Word Character")]
    [InlineData("mimir score --unit = C", "Character")]
    [InlineData("mimir launch -n 2 -- trai", "train")]
    [InlineData("mimir launch -n 2 -- train a.yaml --rest", "--restart")]
    [InlineData("mimir kaldi copy-feats-to", "copy-feats-to-htk copy-feats-to-sphinx")]
    [InlineData("mimir kaldi copy-feats a", "")]
    [InlineData("mimir features --num-mel", "--num-mel-bins")]
    [InlineData("mimir completion f", "fish")]
    public async Task Bash_completes(string line, string expected) =>
        Assert.Equal(expected, await CompleteAsync("bash", Bash, ["--norc", "-c"], ["bash", .. line.Split(' ')]));

    [ProgramTheory("zsh")]
    [InlineData("mimir recipe ", "check show keys schema")]
    [InlineData("mimir train --", "--set --restart")]
    [InlineData("mimir score --unit ", "Word Character")]
    [InlineData("mimir train ", "files")]
    [InlineData("mimir launch --port ", "nothing")]
    [InlineData("mimir launch -n 2 -- recipe ", "check show keys schema")]
    public async Task Zsh_completes(string line, string expected) =>
        Assert.StartsWith(
            expected, await CompleteAsync("zsh", Zsh, ["-f", "-c"], ["zsh", .. line.Split(' ')]), StringComparison.Ordinal);

    [ProgramTheory("fish")]
    [InlineData("mimir reci", "recipe")]
    [InlineData("mimir recipe ", "check keys schema show")]
    [InlineData("mimir score --unit ", "Character Word")]
    [InlineData("mimir kaldi copy-feats-to", "copy-feats-to-htk copy-feats-to-sphinx")]
    [InlineData("mimir train scr", "script")]
    [InlineData("mimir launch -n 2 -- trai", "train")]
    public async Task Fish_completes(string line, string expected) =>
        Assert.Equal(expected, await CompleteAsync(
            "fish", "source ./script; complete -C $argv[1] | string replace -r '\\t.*' ''; true", ["--no-config", "-c"], [line]));

    private async Task<string> CompleteAsync(string shell, string code, string[] before, string[] after)
    {
        _folder.Write("script", await Scripts.GetOrAdd(shell, ScriptAsync));

        using var process = MimirProcess.StartOther(shell, _folder.Path, [.. before, code, .. after]);
        var outcome = (await MimirProcess.EndOfAsync(process)).Succeeded();

        Assert.Empty(outcome.Errors);
        return string.Join(' ', outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<string> ScriptAsync(string shell) =>
        (await MimirProcess.RunAsync(Path.GetTempPath(), "completion", shell)).Succeeded().Output;
}
