using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Lab.Tables;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir table</c>: measures accuracy, error rates, time and speed-up by workers and update mode.</summary>
internal static class TableCommand
{
    internal static Command Create(Diagnostics diagnostics)
    {
        var file = new Argument<string>("table") { Description = "The table, a YAML file." };
        var output = new Option<string?>("--output") { Description = "The table's folder. The default is exp/table-<name>." };
        var set = new Option<string[]>(RecipeArguments.SetName)
        {
            Description = "Change a value of the table, or give a variable: --set seed=3 (may be repeated).",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var restart = new Option<bool>("--restart") { Description = "Make every row again, also those that are there." };
        var remake = RecipeArguments.Remake();
        var command = new Command(
            "table",
            "Train and score the rows of a table (recipes x workers x update modes) in the emulator and write table.md, table.html "
                + "and table.json. Rows that are there are not made again.")
        {
            file, output, set, restart, remake,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            var options = RecipeArguments.Options(parsed.GetValue(set));
            var table = TableReader.Read(path, options);
            var folder = parsed.GetValue(output) ?? $"exp/table-{table.Name}";
            void Ensure(Recipe recipe, ITrainingProgress progress, CancellationToken stopping) =>
                CorpusPreparation.Ensure(recipe, parsed.GetValue(remake), progress, stopping);

            var result = ProgressDisplay.Run(diagnostics, progress => TableRun.Execute(
                table,
                Path.GetDirectoryName(path) ?? "",
                new() { Output = folder, Restart = parsed.GetValue(restart), Recipes = options },
                new EmulatedTableRunner(Ensure, TimeProvider.System, diagnostics.Run),
                progress,
                cancellation));
            TableReport.Write(folder, result);
            Console.Write(TableReport.Text(result));
            Console.WriteLine($"{folder}: table.md, table.html, table.json");
            return Task.FromResult(ExitCodes.Success);
        });
        return command.WithExamples(
            "mimir table recipes/mandarin-digits/table.yaml",
            "mimir table recipes/aishell-sample/table.yaml --set AISHELL=/data/aishell-sample --output exp/workers");
    }
}
