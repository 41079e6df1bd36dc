using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Shells;
using Mimir.KaldiTools;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir completion</c> and <c>mimir man</c>: files for the shell and the manual, made from the commands themselves.</summary>
internal static class CompletionCommand
{
    private const string Name = "completion";

    internal static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = $"The shell: {string.Join(", ", CompletionScript.Shells)}." };
        shell.AcceptOnlyFromAmong([.. CompletionScript.Shells]);
        var command = new Command(Name, "Print a script that completes commands, options and files in a shell.") { shell };
        command.SetAction(parsed => Console.Out.Write(
            CompletionScript.For(parsed.GetRequiredValue(shell), parsed.RootCommandResult.Command, Words())));
        return command.WithExamples(
            "mimir completion bash > ~/.local/share/bash-completion/completions/mimir",
            "mimir completion zsh > ~/.zfunc/_mimir",
            "mimir completion fish > ~/.config/fish/completions/mimir.fish");
    }

    /// <summary>Creates <c>mimir man</c>.</summary>
    internal static Command CreateMan()
    {
        var command = new Command("man", "Print the manual page of all commands.");
        command.SetAction(parsed => Console.Out.Write(ManPage.Write(CommandNode.All(parsed.RootCommandResult.Command, Words()))));
        return command.WithExamples("mimir man > ~/.local/share/man/man1/mimir.1", "mimir man | man -l -");
    }

    private static Dictionary<string, IReadOnlyList<string>> Words() => new()
    {
        [KaldiCommand.Name] = [.. KaldiToolbox.Tools.Select(tool => tool.Name)],
        [Name] = CompletionScript.Shells,
    };
}
