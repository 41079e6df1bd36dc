using Microsoft.Extensions.Logging;
using Mimir.Base;
using Mimir.Core.Models;
using Mimir.Dist;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Data.Remote;
using Mimir.Train.Distribution;
using Mimir.Train.Evaluation;
using Mimir.Train.Losses;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>A whole run: from a recipe to a model, its error rates and its report.</summary>
public static class TrainingRun
{
    /// <summary>Runs a recipe in its folder: continues an unfinished run of the same recipe, or begins.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="options">The workers, and the treatment of an earlier run.</param>
    /// <param name="progress">Follows the run.</param>
    /// <param name="time">The clock of logs, speeds and checkpoints.</param>
    /// <param name="cancellation">Asks the run to save itself and return; the result is then interrupted.</param>
    /// <exception cref="InputException">
    /// The recipe or the data is wrong, a file that the recipe names is missing, or the folder holds a run of another recipe.
    /// </exception>
    /// <exception cref="IOException">A file is missing or the disk is full, or another process works in the folder.</exception>
    /// <exception cref="DivergedException">Training gave a loss that is not a number, or never a better network.</exception>
    /// <exception cref="PeerLostException">A worker is lost whom the run cannot do without.</exception>
    public static RunResult Execute(
        LoadedRecipe loaded, RunOptions options, ITrainingProgress progress, TimeProvider time, CancellationToken cancellation)
    {
        var team = options.Team;
        var folder = new RunFolder(loaded.Recipe.OutputFolder);
        if (Finished(loaded, folder, options) is { } finished)
            return finished;

        RecipeCheck.Demand(loaded, options.Decode, isCoordinator: team.IsCoordinator);
        if (!team.IsCoordinator)
            folder = folder.Worker(team.Rank);
        using var locked = folder.Lock();
        if (options.Restart && team.IsCoordinator)
            EarlierRun.Keep(folder.Root);
        if (options.Restart || !team.IsCoordinator)
            folder.Clear();

        options.Logging.File?.Open(folder.Root, team.Rank);
        var warnings = new List<string>();
        var store = new CheckpointStore(folder.Checkpoints);
        var checkpoint = team.Broadcast(team.IsCoordinator ? store.ReadNewest(warnings.Add) : null);
        var fingerprint = RecipeFingerprint.Of(loaded.Recipe);
        if (checkpoint is not null && checkpoint.State.Fingerprint != fingerprint)
            throw FinishedRun.Refusal(folder, "an unfinished run", FinishedRun.Difference(loaded.Recipe, folder) ?? "");
        RefuseModel(folder);

        using var remote = RemoteCorpus.Open(
            loaded.Recipe.Corpus, folder.Corpus, team.Rank, options.Logging.Shown<RemoteCorpus>(progress), time, cancellation);
        var local = remote?.Localise(loaded, SetsOf(loaded.Recipe, options.Decode && team.IsCoordinator)) ?? loaded;
        using var recorder = new RunRecorder(
            folder.Root, loaded.ToYaml(), time, checkpoint?.State.TotalSteps ?? 0, options.Logging.Loggers.CreateLogger<RunRecorder>());
        var run = new RunContext(local, options, folder, recorder, progress, time, cancellation) { Remote = remote };
        run.DeferEvents();
        warnings.ForEach(run.Warn);

        try
        {
            if (team.IsCoordinator)
                RecipeCheck.DemandSets(loaded, options.Decode && loaded.Recipe.Decode is not null, run.Warn);
            run.SetThreads();
            var loader = options.Loader ?? options.Sets?.Loader(run.CreateLoader) ?? run.CreateLoader();
            var stage = new TrainingStage(run, loader);
            var trained = stage.Run(store, checkpoint, fingerprint);
            var result = trained.Interrupted
                ? run.ResultOf(RunStatus.Interrupted, trained.State, [])
                : Decode(stage, run, loader, trained.State);
            run.RecordInput();
            recorder.Finish(result.Status);
            return result;
        }
        catch (OperationCanceledException)
        {
            run.Begin(checkpoint, graph: null);
            recorder.Finish(RunStatus.Interrupted);
            return new(RunStatus.Interrupted, folder, [], 0, []);
        }
        catch (JobIsOverException error)
        {
            run.Begin(checkpoint, graph: null);
            run.Warn(error.Message);
            recorder.Finish(RunStatus.Ok);
            return new(RunStatus.Ok, folder, [], 0, []);
        }
        catch (Exception error)
        {
            FinishFailed(run, checkpoint, UserError.Describe(error) ?? error.Message);
            throw;
        }
    }

    /// <summary>The result of a run of this recipe that is over already; null when there is none.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <exception cref="InputException">A finished run of another recipe is there.</exception>
    public static RunResult? Finished(LoadedRecipe loaded) => FinishedRun.Find(loaded, new RunFolder(loaded.Recipe.OutputFolder));

    // The coordinator looks, and all hear of it; a worker that rejoins does so while the others train.
    private static RunResult? Finished(LoadedRecipe loaded, RunFolder folder, RunOptions options)
    {
        var team = options.Team;
        var found = team.IsCoordinator && !options.Restart ? FinishedRun.Find(loaded, folder) : null;
        var isFinished = !team.IsRejoining && team.Gather(found is null ? 0 : 1).Any(one => one > 0);
        return isFinished ? found ?? new(RunStatus.Ok, folder, [], 0, []) { WasFinished = true } : null;
    }

    private static RunResult Decode(TrainingStage stage, RunContext run, SetLoader loader, TrainingState state)
    {
        IReadOnlyList<SetScore> scores = [];
        if (run.Options.Decode && run.Team.IsCoordinator && run.Recipe.Decode is { } decode)
        {
            var inMemory = new Dictionary<string, FrameCorpus>();
            if (stage.Validation is { Drops.Excluded: 0 } validation)
                inMemory["cv"] = validation;
            try
            {
                scores = run.Recipe.Train.Loss is CtcRecipe ctc
                    ? new CtcDecodingStage(run, loader, CtcUnits.Of(run.Recipe, ctc)).Run(inMemory)
                    : new DecodingStage(run, loader).Run(decode, inMemory);
            }
            catch (OperationCanceledException)
            {
                return run.ResultOf(RunStatus.Interrupted, state, []);
            }
        }

        return run.ResultOf(RunStatus.Ok, state, scores);
    }

    private static IReadOnlyCollection<string> SetsOf(Recipe recipe, bool decode) =>
        decode && recipe.Decode is not null ? [.. recipe.Corpus.AllSets.Select(set => set.Key)] : ["train", "cv"];

    // The first accepted epoch would replace it.
    private static void RefuseModel(RunFolder folder)
    {
        if (new TrainedModel(folder.Model).IsImported)
        {
            throw new InputException(
                $"{folder.Model}: a network that no run trained is here, and training would replace it. Give the recipe another name "
                + "(--set name=...), or take the folder away.");
        }

        CheckedFolder.RefuseOthers(folder.Model);
    }

    // On a full disk this fails as well, and the first failure is the one to report.
    private static void FinishFailed(RunContext run, Checkpoint? checkpoint, string message)
    {
        try
        {
            run.Begin(checkpoint, graph: null);
            run.Recorder.Finish(RunStatus.Failed, message);
        }
        catch (IOException)
        {
            return;
        }
    }
}
