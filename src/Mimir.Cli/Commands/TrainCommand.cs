using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir train</c>: the main job, from a recipe to a model, its frame accuracy and its error rates.</summary>
internal static class TrainCommand
{
    internal static Command Create()
    {
        var (file, set) = RecipeArguments.Create();
        var restart = new Option<bool>("--restart") { Description = "Throw away what an earlier run left in the folder." };
        var noDecode = new Option<bool>("--no-decode") { Description = "Stop after training; decode nothing." };
        var command = new Command("train", "Train the model of a recipe, decode its test sets and report. An unfinished run goes on where it stopped.")
        {
            file, set, restart, noDecode,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var recipe = RecipeReader.Read(parsed.GetRequiredValue(file), RecipeArguments.Options(parsed.GetValue(set)));
            var options = new RunOptions { Restart = parsed.GetValue(restart), Decode = !parsed.GetValue(noDecode) };
            return Task.FromResult(Run(recipe, options, cancellation));
        });
        return command.WithExamples(
            "mimir train recipes/mandarin-digits/dnn.yaml",
            "mimir train recipes/aishell-sample/dnn.yaml --set AISHELL=/data/aishell-sample --set train.threads=2",
            "mimir train my.yaml --set train.optimiser.sgd.rate=0.004 --set name=slower");
    }

    private static int Run(LoadedRecipe recipe, RunOptions options, CancellationToken cancellation)
    {
        var result = ProgressDisplay.Run(TimeProvider.System, progress =>
        {
            CorpusPreparation.Ensure(recipe.Recipe, progress, cancellation);
            return TrainingRun.Execute(recipe, options, progress, TimeProvider.System, cancellation);
        });

        Console.WriteLine(RunLine.Of(result));
        return result.Status == RunStatus.Ok ? ExitCodes.Success : ExitCodes.Interrupted;
    }
}
