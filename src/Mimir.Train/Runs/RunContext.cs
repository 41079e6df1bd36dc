using Mimir.Core.Graph;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>What all stages of a run share: the recipe, the folder, the log, the display and the clock.</summary>
internal sealed record RunContext(
    LoadedRecipe Loaded, RunFolder Folder, RunRecorder Recorder, ITrainingProgress Progress, TimeProvider Time, WorkerTeam Team,
    CancellationToken Cancellation)
{
    private List<RunEvent>? _pending;

    public Recipe Recipe => Loaded.Recipe;

    /// <summary>Threads of computation: those of the recipe, or one for each core that the workers of this machine leave.</summary>
    public int ThreadCount => Recipe.Train.Threads > 0
        ? Recipe.Train.Threads
        : Math.Max(1, Environment.ProcessorCount / Team.SizeHere);

    /// <summary>Keeps events back until <see cref="Begin"/>: the log's first line names the model, which needs the training set.</summary>
    public void Hold() => _pending = [];

    /// <summary>Writes the log's first line, and then what was kept back; does nothing the second time.</summary>
    /// <param name="checkpoint">Where a resumed run goes on, or null.</param>
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
            Seed = Recipe.Seed,
            Versions = Versions(),
            Hardware = Hardware(),
            Parameters = graph?.Parameters.Slices.Where(slice => slice.IsTrained).Sum(slice => slice.Count) ?? 0,
            InputDim = graph?.InputDim * (1 + Recipe.Features.Splice.Left + Recipe.Features.Splice.Right) ?? 0,
            OutputDim = graph?.OutputDim ?? 0,
        });
        pending.ForEach(Recorder.Write);
    }

    /// <summary>Logs an event, or keeps it back.</summary>
    public void Record(RunEvent happened)
    {
        if (_pending is { } pending)
            pending.Add(happened);
        else
            Recorder.Write(happened);
    }

    /// <summary>Tells the user something that stops nothing.</summary>
    public void Warn(string message)
    {
        Record(new WarningRaised { Message = message });
        Progress.Say(message);
    }

    /// <summary>Loads a set and logs how it went.</summary>
    public FrameCorpus Load(string name, Func<FrameCorpus> load)
    {
        var began = Time.GetTimestamp();
        var corpus = load();
        Record(new StageFinished
        {
            Stage = RunStage.Features,
            Set = name,
            Utterances = corpus.Utterances.Count,
            Frames = corpus.Frames,
            Seconds = Time.GetElapsedTime(began).TotalSeconds,
        });
        if (corpus.Drops.Drops.Count > 0)
        {
            Record(new UtterancesDropped
            {
                Set = name,
                Utterances = corpus.Drops.Total,
                Dropped = corpus.Drops.Drops.Count,
                Reasons = corpus.Drops.Drops.GroupBy(drop => drop.Reason).ToDictionary(group => group.Key.ToString(), group => (long)group.Count()),
            });
        }

        return corpus;
    }

    private static RunVersions Versions() => new()
    {
        Mimir = typeof(RunContext).Assembly.GetName().Version?.ToString(3) ?? "",
        Dotnet = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
        Libtorch = RuntimeInfo.Read().LibTorch,
        System = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
    };

    private RunHardware Hardware() => new()
    {
        Device = Device.Parse(Recipe.Train.Device).ToString(),
        Cores = Environment.ProcessorCount,
        Threads = ThreadCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };
}
