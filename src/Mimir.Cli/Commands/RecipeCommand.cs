using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir recipe check|show|keys|schema</c>: checks and prints recipes without running them.</summary>
internal static class RecipeCommand
{
    internal static Command Create() => new Command("recipe", "Check recipes, show where their values come from, list the keys.")
    {
        Check(),
        Show(),
        Printing("keys", "Print the reference of all recipe keys as Markdown.", RecipeFormat.Reference, "recipe-keys.md"),
        Printing("schema", "Print the JSON schema of recipes, for editors.", RecipeFormat.Schema, "recipe.schema.json"),
    }.WithExamples(
        "mimir recipe check recipes/mandarin-digits/dnn.yaml",
        "mimir recipe show recipes/mandarin-digits/dnn.yaml --set train.optimiser.sgd.rate=0.004");

    private static Command Check()
    {
        var (file, set) = RecipeArguments.Create();
        var command = new Command("check", "List everything that is wrong with a recipe, missing files too.") { file, set };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var options = RecipeArguments.Options(parsed.GetValue(set));
            var findings = RecipeCheck.Run(path, options).Select(finding => finding.ToString()).ToList();
            if (CorpusPreparation.Problem(RecipeReader.TryRead(path, options, out _).Recipe) is { } problem)
                findings.Add(problem);
            foreach (var finding in findings)
                Console.Error.WriteLine(finding);

            if (findings.Count == 0)
            {
                var loaded = RecipeReader.Read(path, options);
                IEnumerable<string> warnings =
                [
                    .. RecipeAdvice.Of(loaded.Recipe),
                    .. TranscriptCheck.Run(loaded).Warnings.Select(warning => warning.ToString()),
                ];
                foreach (var warning in warnings)
                    Console.Error.WriteLine($"warning: {warning}");

                Console.WriteLine($"{path}: nothing is wrong");
            }

            return findings.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command.WithExamples("mimir recipe check recipes/mandarin-digits/dnn.yaml");
    }

    private static Command Show()
    {
        var (file, set) = RecipeArguments.Create();
        var command = new Command("show", "Print a recipe with every default, and where each value comes from.") { file, set };
        command.SetAction(parsed => Console.Write(
            RecipeReader.Read(parsed.GetRequiredValue(file), RecipeArguments.Options(parsed.GetValue(set))).ToYaml()));
        return command.WithExamples("mimir recipe show recipes/mandarin-digits/dnn.yaml --set train.optimiser.sgd.rate=0.004");
    }

    private static Command Printing(string name, string description, Func<string> text, string target)
    {
        var command = new Command(name, description);
        command.SetAction(_ => Console.Write(text()));
        return command.WithExamples($"mimir recipe {name} > {target}");
    }
}
