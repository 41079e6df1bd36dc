using System.CommandLine;
using System.Globalization;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Cli.Json;
using Mimir.Cli.Recipes;
using Mimir.Dist.Updates;
using Mimir.Lab.Emulation;
using Mimir.Train.Recipes;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir plan</c>: models the speed-up of a recipe on a cluster, without training.</summary>
internal static class PlanCommand
{
    internal static Command Create()
    {
        var (file, set) = RecipeArguments.Create();
        var cluster = new Option<string>("--cluster")
        {
            Description = "The cluster, a YAML file such as those of recipes/clusters. It grows by machines of its kind.",
            Required = true,
        };
        var rate = new Option<double?>("--rate") { Description = "Frames a second that one device trains on, in place of the cluster's." };
        var frames = new Option<long?>("--frames") { Description = "Frames of an epoch; without it they are counted in the alignments." }
            .Within(1);
        var parameters = new Option<long?>("--parameters")
        {
            Description = "Parameters of the model; without it those of the recipe's graph.",
        }.Within(1);
        var workers = new Option<string?>("--workers")
        {
            Description = "Numbers of workers up to 1024, with commas; without it 1,2,4,…,1024.",
        };
        var modes = new Option<string?>("--modes")
        {
            Description = $"Update modes, with commas, of {string.Join(", ", UpdateOptions.Defaults.Select(mode => mode.Name))}; "
                + "without it the recipe's own.",
        };
        var batch = new Option<int?>("--batch-per-worker")
        {
            Description = "Frames of one worker's batch in sync; without it the workers share the recipe's batch.",
        }.Within(1);
        var json = JsonOutput.CreateOption();
        var command = new Command(
            "plan", "Model the speed-up of a recipe on a cluster, for update modes and up to 1024 workers, without training.")
        {
            file, cluster, rate, frames, parameters, workers, modes, batch, set, json,
        };
        command.SetAction(parsed =>
        {
            var request = new PlanRequest
            {
                Rate = parsed.GetValue(rate),
                Frames = parsed.GetValue(frames),
                Parameters = parsed.GetValue(parameters),
                BatchPerWorker = parsed.GetValue(batch),
                Modes = Words(parsed.GetValue(modes)),
            };
            if (parsed.GetValue(workers) is { } numbers)
                request = request with { Workers = [.. Words(numbers).Select(Number)] };

            var recipe = RecipeReader.Read(parsed.GetRequiredValue(file), RecipeArguments.Options(parsed.GetValue(set))).Recipe;
            var model = ClusterFile.Read(parsed.GetRequiredValue(cluster));
            var plan = Plan.Make(recipe, model, request);
            if (parsed.GetValue(json))
                JsonOutput.Print(PlanJson.Of(plan, recipe.Name, model.Name));
            else
                Console.Write(plan);
        });
        return command.WithExamples(
            "mimir plan recipes/aishell-sample/dnn.yaml --cluster recipes/clusters/8x2.yaml --modes sync,bmuf,asgd",
            "mimir plan recipes/mandarin-digits/dnn.yaml --cluster recipes/clusters/32x8.yaml --rate 27000 --frames 54000000");
    }

    private static string[] Words(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static int Number(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InputException($"--workers: expected numbers with commas, such as 1,4,16, got '{word}'");
}
