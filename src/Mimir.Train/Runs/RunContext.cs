using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Data.Remote;
using Mimir.Train.Distribution;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>The context that all stages of a run share: the recipe, the folder, the log, the display and the clock.</summary>
internal sealed record RunContext(
    LoadedRecipe Loaded, RunOptions Options, RunFolder Folder, RunRecorder Recorder, ITrainingProgress Progress, TimeProvider Time,
    CancellationToken Cancellation)
{
    private readonly long _began = Time.GetTimestamp();
    private List<RunEvent>? _pending;

    public Recipe Recipe => Loaded.Recipe;

    public WorkerTeam Team => Options.Team;

    /// <summary>Gets the remote corpus, or null when the corpus lies on this machine.</summary>
    public RemoteCorpus? Remote { get; init; }

    /// <summary>Gets the threads of computation: those of the recipe, or at most this worker's part of the machine's cores.</summary>
    public int ThreadCount => FixedThreads ?? Math.Max(1, Environment.ProcessorCount / Team.LocalSize);

    private int? FixedThreads => Options.Threads ?? (Recipe.Train.Threads > 0 ? Recipe.Train.Threads : null);

    /// <summary>Sets the threads of computation for the process; a number that nobody has set is chosen by the time of the steps.</summary>
    public void SetThreads()
    {
        if (FixedThreads is { } count)
            Threads.Count = count;
        else
            Threads.Choose(ThreadCount);
    }

    /// <summary>Defers events until <see cref="Begin"/>: the log's first line names the model, which needs the training set.</summary>
    public void DeferEvents() => _pending = [];

    /// <summary>Writes the log's first line, and then the deferred events; does nothing the second time.</summary>
    /// <param name="checkpoint">The checkpoint of a resumed run, or null.</param>
    /// <param name="graph">The model, or null when the run fails before there is one.</param>
    public void Begin(Checkpoint? checkpoint, LayerGraph? graph)
    {
        if (_pending is not { } pending)
            return;

        _pending = null;
        Recorder.Write(new RunStarted
        {
            Name = Recipe.Name,
            ResumedFrom = checkpoint is null ? null : new CheckpointName(checkpoint.State.Epoch, checkpoint.State.Step).ToString(),
            ResumedEpoch = checkpoint?.State.Epoch,
            ResumedStep = checkpoint?.State.TotalSteps,
            Seed = Recipe.Seed,
            Versions = Versions(Loaded.File),
            Hardware = Hardware(),
            Parameters = graph?.Parameters.Slices.Where(slice => slice.IsTrained).Sum(slice => slice.Count) ?? 0,
            InputDim = graph?.InputDim * (1 + Recipe.Features.Splice.Left + Recipe.Features.Splice.Right) ?? 0,
            OutputDim = graph?.OutputDim ?? 0,
        });
        pending.ForEach(Recorder.Write);
    }

    /// <summary>Logs an event, or defers it.</summary>
    public void Record(RunEvent happened)
    {
        if (_pending is { } pending)
            pending.Add(happened);
        else
            Recorder.Write(happened);
    }

    /// <summary>Shows and logs a change by <c>mimir tune</c>.</summary>
    public void Tuned(RunTuned change)
    {
        Record(change);
        Progress.Say($"tuned: {change}");
    }

    /// <summary>Makes the loader of the recipe's sets.</summary>
    public SetLoader CreateLoader() => new(Recipe, Progress, Remote);

    /// <summary>The result of the run.</summary>
    public RunResult ResultOf(RunStatus status, TrainingState state, IReadOnlyList<SetScore> scores) =>
        new(status, Folder, state.History, state.Schedule.BestEpoch, scores) { Average = state.Average };

    /// <summary>Warns the user of something that stops nothing.</summary>
    public void Warn(string message)
    {
        Record(new WarningRaised { Message = message });
        Progress.Say(message);
    }

    /// <summary>Loads a set and logs its size, its time and its drops.</summary>
    public T Load<T>(string name, Func<T> load)
        where T : IFrameSet
    {
        var (began, waited) = (Time.GetTimestamp(), Remote?.Waited ?? default);
        var corpus = load();
        var stall = Remote is null ? (double?)null : Stall(Remote.Waited - waited, began);
        Record(new StageFinished
        {
            Stage = RunStage.Features,
            Set = name,
            Utterances = corpus.Utterances.Count,
            Frames = corpus.Frames,
            Seconds = Time.GetElapsedTime(began).TotalSeconds,
            InputStall = stall,
        });
        if (stall is not null)
            Progress.Say(FormattableString.Invariant($"set '{name}': {stall:0.0}% of the time was spent waiting for files"));
        if (corpus.Drops.Drops.Count > 0)
        {
            Record(new UtterancesDropped
            {
                Set = name,
                Utterances = corpus.Drops.Total,
                Dropped = corpus.Drops.Drops.Count,
                Reasons = corpus.Drops.Drops.GroupBy(drop => drop.Reason)
                    .ToDictionary(group => DropReport.Words(group.Key), group => (long)group.Count()),
                Examples = corpus.Drops.Drops.GroupBy(drop => drop.Reason)
                    .ToDictionary(group => DropReport.Words(group.Key), group => $"{group.First().Utterance}: {group.First().Detail}"),
            });
        }

        return corpus;
    }

    /// <summary>Logs the traffic of a remote corpus; does nothing when it lies on this machine.</summary>
    public void RecordInput()
    {
        if (Remote is null)
            return;

        Record(new CorpusFetched
        {
            Source = Loaded.Recipe.Corpus.Source ?? "",
            Bytes = Remote.Counters.Bytes,
            Fetched = Remote.Counters.Misses,
            Found = Remote.Counters.Hits,
            Damaged = Remote.Counters.Damaged,
            Retries = Remote.Counters.Retries,
            Waited = Remote.Waited.TotalSeconds,
            InputStall = Stall(Remote.Waited, _began),
        });
    }

    // The threads that extract features wait for files, each for its own.
    private double Stall(TimeSpan waited, long since)
    {
        var threads = Recipe.Train.Threads > 0 ? Recipe.Train.Threads : Environment.ProcessorCount;
        return Math.Min(100, 100 * (waited / (Time.GetElapsedTime(since) * threads)));
    }

    private static RunVersions Versions(string recipe) => new()
    {
        Commit = GitCommit.OfBuild(),
        RecipeCommit = GitCommit.Of(recipe),
        Mimir = typeof(RunContext).Assembly.GetName().Version?.ToString(3) ?? "",
        Dotnet = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
        Libtorch = RuntimeInfo.Read().LibTorch,
        System = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
    };

    private RunHardware Hardware() => new()
    {
        Host = Environment.MachineName,
        Device = Device.Parse(Recipe.Train.Device).ToString(),
        Cores = Environment.ProcessorCount,
        Threads = ThreadCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };
}
