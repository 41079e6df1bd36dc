using Microsoft.Extensions.Logging;
using Mimir.Base;
using Mimir.Core.Runtime;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Data.Remote;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>A whole run: from a recipe to a model, its error rates and its report.</summary>
public static class TrainingRun
{
    /// <summary>
    /// Runs a recipe in its folder: goes on where an unfinished run of the same recipe stopped, or begins.
    /// </summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="options">What to do with an earlier run.</param>
    /// <param name="progress">Follows the run.</param>
    /// <param name="time">The clock of logs, speeds and checkpoints.</param>
    /// <param name="cancellation">Asks the run to save itself and return; the result is then interrupted.</param>
    /// <exception cref="InputException">The recipe or the data is wrong, or a file that the recipe names is missing.</exception>
    /// <exception cref="IOException">
    /// A file is missing or the disk is full, or the folder holds a finished run, or another process works in it.
    /// </exception>
    /// <exception cref="DivergedException">Training gave a loss that is not a number, or never a better network.</exception>
    public static RunResult Execute(
        LoadedRecipe loaded, RunOptions options, ITrainingProgress progress, TimeProvider time, CancellationToken cancellation)
    {
        RecipeCheck.Demand(loaded, options.Decode);
        var team = options.Team;
        var folder = new RunFolder(loaded.Recipe.OutputFolder);
        if (!team.IsCoordinator)
            folder = folder.Worker(team.Rank);
        using var taken = folder.Take();
        if (options.Restart || !team.IsCoordinator)
            folder.Clear();
        RefuseFinished(folder);

        // The emulated workers of a process have one file, that of the first.
        if (team.IsCoordinator || team.Emulation is null)
            options.Logging.File?.Open(folder.Root, team.Rank);
        var warnings = new List<string>();
        var store = new CheckpointStore(folder.Checkpoints);
        var checkpoint = team.Share(team.IsCoordinator ? store.ReadNewest(warnings.Add) : null);
        var fingerprint = RecipeFingerprint.Of(loaded.Recipe);
        if (checkpoint is not null && checkpoint.State.Fingerprint != fingerprint)
        {
            throw new InputException(
                $"{folder.Root}: an unfinished run of another recipe is here. Use --restart to throw it away, or give the recipe "
                + "another name.");
        }

        using var remote = RemoteCorpus.Open(loaded.Recipe.Corpus, folder.Corpus, team.Rank, progress.Say, time, cancellation);
        var here = remote?.Here(loaded, SetsOf(loaded.Recipe, options.Decode && team.IsCoordinator)) ?? loaded;
        using var recorder = new RunRecorder(
            folder.Root, loaded.ToYaml(), time, checkpoint?.State.TotalSteps ?? 0, options.Logging.Loggers.CreateLogger<RunRecorder>());
        var run = new RunContext(here, folder, recorder, progress, time, team, cancellation) { Remote = remote };
        run.Hold();
        warnings.ForEach(run.Warn);
        if (checkpoint is not null)
            progress.Say($"going on from epoch {checkpoint.State.Epoch}, step {checkpoint.State.Step}");

        try
        {
            var result = Execute(run, options, store, checkpoint, fingerprint);
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
        catch (Exception error)
        {
            FinishFailed(run, checkpoint, error.Message);
            throw;
        }
    }

    private static RunResult Execute(
        RunContext run, RunOptions options, CheckpointStore store, Checkpoint? checkpoint, string fingerprint)
    {
        Threads.Count = run.ThreadCount;
        var emulation = run.Team.Emulation;
        var loader = emulation?.Loader(() => MakeLoader(run)) ?? MakeLoader(run);
        var stage = new TrainingStage(run, loader);
        var trained = stage.Run(store, checkpoint, fingerprint);
        var (history, best) = (trained.State.History, trained.State.Schedule.BestEpoch);
        if (trained.Interrupted)
            return new(RunStatus.Interrupted, run.Folder, history, best, []);

        IReadOnlyList<SetScore> scores = [];
        if (options.Decode && run.Team.IsCoordinator && run.Recipe.Decode is { } decode)
        {
            var inMemory = new Dictionary<string, FrameCorpus>();
            if (stage.Validation is { Drops.Excluded: 0 } validation)
                inMemory["cv"] = validation;
            try
            {
                scores = new DecodingStage(run, loader).Run(decode, inMemory);
            }
            catch (OperationCanceledException)
            {
                return new(RunStatus.Interrupted, run.Folder, history, best, []);
            }
        }

        return new(RunStatus.Ok, run.Folder, history, best, scores);
    }

    private static SetLoader MakeLoader(RunContext run) => new(run.Recipe, run.Progress, run.Remote);

    private static IReadOnlyCollection<string> SetsOf(Recipe recipe, bool decode) =>
        decode && recipe.Decode is not null ? [.. recipe.Corpus.AllSets.Select(set => set.Key)] : ["train", "cv"];

    // On a full disk this fails as well, and the first failure is the one to tell.
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

    private static void RefuseFinished(RunFolder folder)
    {
        if (File.Exists(folder.Summary) && RunSummary.Read(folder.Summary).Status == RunStatus.Ok)
        {
            throw new IOException(
                $"{folder.Root}: a finished run is here. Use --restart to throw it away, or give the recipe another name "
                + "(--set name=...).");
        }
    }
}
