using Mimir.Core.Runtime;
using Mimir.Core.Tensors;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>What all stages of a run share: the recipe, the folder, the log, the display and the clock.</summary>
internal sealed record RunContext(
    LoadedRecipe Loaded, RunFolder Folder, RunRecorder Recorder, ITrainingProgress Progress, TimeProvider Time, CancellationToken Cancellation)
{
    public Recipe Recipe => Loaded.Recipe;

    /// <summary>Threads of computation: those of the recipe, or one for each core.</summary>
    public int ThreadCount => Recipe.Train.Threads > 0 ? Recipe.Train.Threads : Environment.ProcessorCount;

    /// <summary>Tells the user something that stops nothing.</summary>
    public void Warn(string message)
    {
        Recorder.Write(new WarningRaised { Message = message });
        Progress.Say(message);
    }

    /// <summary>Loads a set and logs how it went.</summary>
    public FrameCorpus Load(string name, Func<FrameCorpus> load)
    {
        var began = Time.GetTimestamp();
        var corpus = load();
        Recorder.Write(new StageFinished
        {
            Stage = RunStage.Features,
            Set = name,
            Utterances = corpus.Utterances.Count,
            Frames = corpus.Frames,
            Seconds = Time.GetElapsedTime(began).TotalSeconds,
        });
        if (corpus.Drops.Drops.Count > 0)
        {
            Recorder.Write(new UtterancesDropped
            {
                Set = name,
                Utterances = corpus.Drops.Total,
                Dropped = corpus.Drops.Drops.Count,
                Reasons = corpus.Drops.Drops.GroupBy(drop => drop.Reason).ToDictionary(group => group.Key.ToString(), group => (long)group.Count()),
            });
        }

        return corpus;
    }

    public static RunVersions Versions() => new()
    {
        Mimir = typeof(RunContext).Assembly.GetName().Version?.ToString(3) ?? "",
        Dotnet = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
        Libtorch = RuntimeInfo.Read().LibTorch,
        System = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
    };

    public RunHardware Hardware() => new()
    {
        Device = Device.Parse(Recipe.Train.Device).ToString(),
        Cores = Environment.ProcessorCount,
        Threads = ThreadCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };
}
