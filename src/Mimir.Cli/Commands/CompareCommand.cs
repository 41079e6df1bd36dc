using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Json;
using Mimir.Lab.Comparison;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir compare</c>: finished runs side by side, with tests of their differences.</summary>
internal static class CompareCommand
{
    internal static Command Create()
    {
        var runs = new Argument<string[]>("runs")
        {
            Description = "The folders of finished runs; the others are compared with the first.",
            Arity = ArgumentArity.OneOrMore,
        };
        var html = new Option<string?>("--html") { Description = "Write a page with curves to this file; it needs nothing else." };
        var set = new Option<string[]>("--set")
        {
            Description = "A decoded set to compare (may be repeated). The default is all that every run has decoded.",
            HelpName = "name",
            DefaultValueFactory = _ => [],
        };
        var seed = new Option<ulong>("--seed") { Description = "The seed of the bootstrap's draws.", DefaultValueFactory = _ => 2004 };
        var json = JsonOutput.CreateOption();
        var command = new Command(
            "compare", "Show finished runs side by side, and say whether their error rates differ by more than chance (paired bootstrap).")
        {
            runs, html, set, seed, json,
        };
        command.SetAction(parsed =>
        {
            var comparison = RunComparison.Of(
                FinishedRunReader.Read(parsed.GetRequiredValue(runs)),
                new() { Sets = parsed.GetValue(set) ?? [], Bootstrap = new() { Seed = parsed.GetValue(seed) } });
            if (parsed.GetValue(json))
                JsonOutput.Print(CompareJson.Of(comparison));
            else
                Console.Write(ComparisonText.Render(comparison));
            if (parsed.GetValue(html) is { } page)
                ComparePage.Write(page, comparison);
        });
        return command.WithExamples(
            "mimir compare exp/dnn exp/dnn-bmuf",
            "mimir compare exp/dnn exp/dnn-sync exp/dnn-ma --set test --html compare.html");
    }
}
