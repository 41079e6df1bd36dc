using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Json;
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
        var json = JsonOutput.CreateOption();
        var command = new Command("check", "List everything that is wrong with a recipe, missing files too.") { file, set, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var options = RecipeArguments.Options(parsed.GetValue(set));
            var findings = RecipeCheck.Run(path, options).ToList();
            var loaded = RecipeReader.TryRead(path, options, out _);
            if (CorpusPreparation.Problem(loaded.Recipe) is { } problem)
                findings.Add(loaded.At("corpus.synth", problem));

            IReadOnlyList<string> warnings = findings.Count > 0 ? [] :
            [
                .. RecipeAdvice.Of(loaded.Recipe),
                .. TranscriptCheck.Run(loaded).Warnings.Select(warning => warning.ToString()),
            ];
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(CheckJson.Of(path, findings, warnings));
            }
            else
            {
                foreach (var line in findings.Select(finding => finding.ToString()).Concat(warnings.Select(text => $"warning: {text}")))
                    Console.Error.WriteLine(line);
                if (findings.Count == 0)
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
