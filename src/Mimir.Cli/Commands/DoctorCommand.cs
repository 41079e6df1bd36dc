using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Terminal;
using Spectre.Console;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir doctor</c>: checks the machine; says what each missing part would give.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var command = new Command("doctor", "Check the machine; say what each missing part would give.");
        command.SetAction(_ => Run());
        return command.WithExamples("mimir doctor");
    }

    private static int Run()
    {
        var findings = MachineCheck.Run().ToList();
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("mark", "name", "detail", "gives");
        foreach (var finding in findings)
        {
            table.AddRow(
                finding.Found ? "[green]ok[/]" : finding.Required ? "[red]missing[/]" : "[yellow]none[/]",
                finding.Name,
                Markup.Escape(finding.Detail),
                $"[grey]{Markup.Escape(finding.Gives)}[/]");
        }

        // In a file or a pipe a finding is one line.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 1000;
        AnsiConsole.Write(table);
        var missing = findings.Where(finding => finding is { Found: false, Required: true }).Select(finding => finding.Name).ToList();
        AnsiConsole.MarkupLine(missing.Count == 0
            ? "Ready: [bold]mimir train[/] can run here."
            : $"Not ready: {string.Join(", ", missing)} missing.");
        return missing.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }
}
