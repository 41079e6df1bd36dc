using System.CommandLine;
using System.Text.Json.Nodes;
using Mimir.Cli.Help;
using Mimir.Cli.Json;
using Mimir.Cli.Terminal;
using Spectre.Console;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir doctor</c>: checks the machine; says what each missing part would give.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var json = JsonOutput.CreateOption();
        var command = new Command("doctor", "Check the machine; say what each missing part would give.") { json };
        command.SetAction(parsed => Run(parsed.GetValue(json)));
        return command.WithExamples("mimir doctor");
    }

    private static int Run(bool json)
    {
        var findings = MachineInventory.Run().ToList();
        var missing = findings.Where(finding => finding is { Found: false, Required: true }).Select(finding => finding.Name).ToList();
        if (json)
            JsonOutput.Print(Json(findings));
        else
            Print(findings, missing);

        return missing.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static void Print(IReadOnlyList<Finding> findings, List<string> missing)
    {
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
        AnsiConsole.MarkupLine(missing.Count == 0
            ? "Ready: [bold]mimir train[/] can run here."
            : $"Not ready: {string.Join(", ", missing)} missing.");
    }

    private static JsonObject Json(IReadOnlyList<Finding> findings) => new()
    {
        ["ready"] = findings.All(finding => finding.Found || !finding.Required),
        ["findings"] = JsonOutput.List(findings, finding => new JsonObject
        {
            ["name"] = finding.Name,
            ["found"] = finding.Found,
            ["required"] = finding.Required,
            ["detail"] = finding.Detail,
            ["gives"] = finding.Gives,
        }),
    };
}
