using System.CommandLine;
using Mimir.Base;
using Mimir.Cli.Distribution;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Dist.Launch;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir train</c>: the main job, from a recipe to a model, its frame accuracy and its error rates.</summary>
internal static class TrainCommand
{
    /// <summary>The command's name.</summary>
    internal const string Name = "train";

    internal static Command Create()
    {
        var (file, set) = RecipeArguments.Create();
        var restart = new Option<bool>("--restart") { Description = "Throw away what an earlier run left in the folder." };
        var noDecode = new Option<bool>("--no-decode") { Description = "Stop after training; decode nothing." };
        var command = new Command(Name, "Train the model of a recipe, decode its test sets and report. An unfinished run goes on where it stopped.")
        {
            file, set, restart, noDecode,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var recipe = RecipeReader.Read(parsed.GetRequiredValue(file), RecipeArguments.Options(parsed.GetValue(set)));
            var place = WorkerSeat.Find();
            if (place is null && recipe.Recipe.Distribute.Workers > 1)
                return Launch(recipe.Recipe, cancellation);

            CheckWorkers(recipe.Recipe, place);
            using var team = WorkerTeams.Join(place);
            var options = new RunOptions { Restart = parsed.GetValue(restart), Decode = !parsed.GetValue(noDecode), Team = team };
            return Task.FromResult(Run(recipe, options, cancellation));
        });
        return command.WithExamples(
            "mimir train recipes/mandarin-digits/dnn.yaml",
            "mimir train recipes/aishell-sample/dnn.yaml --set AISHELL=/data/aishell-sample --set train.threads=2",
            "mimir train my.yaml --set train.optimiser.sgd.rate=0.004 --set name=slower");
    }

    // The same command line once more for each worker, which finds its place in the environment.
    private static Task<int> Launch(Recipe recipe, CancellationToken cancellation) => WorkerCommand.RunAsync(
        new()
        {
            Slots = HostList.Local(recipe.Distribute.Workers),
            Command = WorkerCommand.Of(Environment.GetCommandLineArgs().Skip(1)),
            Rejoin = LossPolicy.OthersGoOn(recipe),
        },
        cancellation);

    private static void CheckWorkers(Recipe recipe, WorkerPlace? place)
    {
        if (place is not null && recipe.Distribute.Workers > 1 && recipe.Distribute.Workers != place.WorldSize)
        {
            throw new InputException(
                $"distribute.workers: the recipe asks for {recipe.Distribute.Workers} workers, {place.Launcher} has started {place.WorldSize}; "
                + "leave the key out, or start as many");
        }
    }

    private static int Run(LoadedRecipe recipe, RunOptions options, CancellationToken cancellation)
    {
        if (!options.Team.IsCoordinator)
        {
            options.Team.Meet();
            var quiet = TrainingRun.Execute(recipe, options, SilentProgress.Instance, TimeProvider.System, cancellation);
            return quiet.Status == RunStatus.Ok ? ExitCodes.Success : ExitCodes.Interrupted;
        }

        var result = ProgressDisplay.Run(TimeProvider.System, progress =>
        {
            CorpusPreparation.Ensure(recipe.Recipe, progress, cancellation);
            options.Team.Meet();
            return TrainingRun.Execute(recipe, options, progress, TimeProvider.System, cancellation);
        });

        Console.WriteLine(RunLine.Of(result));
        return result.Status == RunStatus.Ok ? ExitCodes.Success : ExitCodes.Interrupted;
    }
}
