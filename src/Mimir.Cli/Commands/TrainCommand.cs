using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Dist;
using Mimir.Dist.Launch;
using Mimir.Train.Distribution;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;
using Mimir.Train.Start;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir train</c>: trains the model of a recipe, decodes and reports.</summary>
internal static class TrainCommand
{
    private static readonly TimeSpan StillAtWork = TimeSpan.FromMinutes(1);

    /// <summary>The command's name.</summary>
    internal const string Name = "train";

    internal static Command Create(Diagnostics diagnostics)
    {
        var (file, set) = RecipeArguments.Create();
        var restart = new Option<bool>("--restart") { Description = "Throw away what an earlier run left in the folder." };
        var remake = RecipeArguments.Remake();
        var noDecode = new Option<bool>("--no-decode") { Description = "Stop after training; decode nothing." };
        var command = new Command(
            Name, "Train the model of a recipe, decode its test sets and report. An unfinished run goes on where it stopped; a "
            + "finished one stays as it is.")
        {
            file, set, restart, remake, noDecode,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var recipe = RecipeReader.Read(parsed.GetRequiredValue(file), RecipeArguments.Options(parsed.GetValue(set)));
            var place = WorkerContext.Find();
            if (place is null && recipe.Recipe.Distribute.Workers > 1)
                return Launch(recipe.Recipe, diagnostics, cancellation);

            CheckWorkers(recipe.Recipe, place);
            using var team = Join(place, recipe.Recipe, diagnostics);
            if (team is null)
                return Task.FromResult(TooLate());

            var options = new RunOptions
            {
                Restart = parsed.GetValue(restart),
                Decode = !parsed.GetValue(noDecode),
                Team = team,
                Logging = diagnostics.Run,
            };
            return Task.FromResult(Run(recipe, options, parsed.GetValue(remake), diagnostics, cancellation));
        });
        return command.WithExamples(
            "mimir train recipes/mandarin-digits/dnn.yaml",
            "mimir train recipes/aishell-sample/dnn.yaml --set AISHELL=/data/aishell-sample --set train.threads=2",
            "mimir train my.yaml --set train.optimiser.sgd.rate=0.004 --set name=slower");
    }

    /// <summary>The results of a run for standard output: a line for each score and one for the run.</summary>
    internal static string Summary(RunResult result)
    {
        var best = result.Best is { } epoch
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {epoch.Epoch} of {result.Epochs.Max(done => done.Epoch)} is best: loss {epoch.CvLoss:0.0000}, "
                + $"frame accuracy {100 * epoch.CvAccuracy:0.00}%")
                + (result.Average is { } average ? $"; {average}" : "")
            : "no epoch is done";
        var state = result switch
        {
            { WasFinished: true } => "already finished, --restart trains anew; ",
            { Status: RunStatus.Ok } => "",
            _ => "interrupted, the same command goes on; ",
        };
        return string.Join('\n', [.. result.Scores.Select(score => score.ToString()), $"{result.Folder.Root}: {state}{best}"]);
    }

    // The same command line once more for each worker, which finds its place in the environment.
    private static Task<int> Launch(Recipe recipe, Diagnostics diagnostics, CancellationToken cancellation) => LaunchCommand.RunAsync(
        new()
        {
            Slots = HostList.Local(recipe.Distribute.Workers),
            Command = LaunchCommand.ThisProgram(Environment.GetCommandLineArgs().Skip(1)),
            FaultTolerant = recipe.Distribute.Update.FaultTolerant,
        },
        diagnostics,
        cancellation);

    private static void CheckWorkers(Recipe recipe, WorkerPlace? place)
    {
        if (place is not null && recipe.Distribute.Workers > 1 && recipe.Distribute.Workers != place.WorldSize)
        {
            throw new InputException(
                $"distribute.workers: the recipe asks for {recipe.Distribute.Workers} workers, {place.Launcher} has started "
                + $"{place.WorldSize}; leave the key out, or start as many");
        }
    }

    private static bool IsFinished(Recipe recipe) =>
        new RunFolder(recipe.OutputFolder).Summary is var file && File.Exists(file) && RunSummary.Read(file).Status == RunStatus.Ok;

    private static int TooLate()
    {
        Console.Error.WriteLine("mimir: the job was over before this worker was back; nothing is left to train");
        return ExitCodes.Success;
    }

    // Joins the workers of the job that a launcher has started this process for; null when the job is over already.
    private static WorkerTeam? Join(WorkerPlace? place, Recipe recipe, Diagnostics diagnostics)
    {
        if (place is null or { WorldSize: 1 })
            return WorkerTeam.Alone;

        try
        {
            var seat = WorkerContext.Join(new() { Logger = diagnostics.Loggers.CreateLogger<WorkerContext>() });
            return WorkerTeam.Of(seat.Transport, place.LocalSize ?? 0, seat.IsRejoining);
        }
        catch (Exception error) when (error is IOException or TimeoutException && WorkerContext.ComesBack && IsFinished(recipe))
        {
            return null;
        }
    }

    private static int Run(
        LoadedRecipe recipe, RunOptions options, bool remake, Diagnostics diagnostics, CancellationToken cancellation)
    {
        options.Team.Compare(recipe.Recipe);
        if (!options.Team.IsCoordinator)
        {
            options.Team.Prepare(() => { }, StillAtWork);
            var quiet = TrainingRun.Execute(recipe, options, SilentProgress.Instance, TimeProvider.System, cancellation);
            if (quiet is { Status: RunStatus.Ok, Epochs: [] })
                return TooLate();

            return quiet.Status == RunStatus.Ok ? ExitCodes.Success : ExitCodes.Interrupted;
        }

        var result = ProgressDisplay.Run(diagnostics, progress =>
        {
            options.Team.Prepare(
                () =>
                {
                    if (!options.Restart && TrainingRun.Finished(recipe) is not null)
                        return;

                    // What is missing shows before a corpus is spoken for minutes.
                    RecipeCheck.Demand(recipe, options.Decode);
                    CorpusPreparation.Ensure(recipe.Recipe, remake, progress, cancellation);
                    StartRun.Ensure(recipe, remake, diagnostics.Run, progress, TimeProvider.System, cancellation);
                },
                StillAtWork);
            return TrainingRun.Execute(recipe, options, progress, TimeProvider.System, cancellation);
        });

        Console.WriteLine(SafeText.Of(Summary(result)));
        return result.Status == RunStatus.Ok ? ExitCodes.Success : ExitCodes.Interrupted;
    }
}
