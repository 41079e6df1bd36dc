using Mimir.Core.Tensors;
using Mimir.Train.Data;
using Mimir.Train.Data.Streaming;
using Mimir.Train.Recipes;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>The training set of a run, in memory or streamed.</summary>
/// <param name="Set">The set.</param>
/// <param name="Frames">Its frames on the device.</param>
/// <param name="Resident">The set where it is in memory, else null.</param>
internal sealed record TrainingData(IFrameSet Set, ITrainingFrames Frames, FrameCorpus? Resident)
{
    // How many times the ring of frames in use has room for what is shuffled together.
    private const int RingWindows = 3;

    /// <summary>Loads the training set, or prepares it for streaming, as the recipe asks.</summary>
    /// <param name="run">The run.</param>
    /// <param name="loader">Loads sets, and carries the normalisation.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <param name="load">Loads the set into memory.</param>
    public static TrainingData Load(RunContext run, SetLoader loader, int classes, Func<FrameCorpus> load)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (run.Recipe is not { Corpus.Train: { } set } recipe || !StreamedSetLoader.IsDue(recipe, memory, run.Team.LocalSize))
        {
            var resident = load();
            return new(resident, RecipeBuilder.Frames(run.Recipe, resident), resident);
        }

        var streams = new StreamedSetLoader(recipe, loader.Normalisation, run.Folder.Root, run.Progress);
        var streamed = run.Load("train", () => streams.Load(set, classes, run.Cancellation));
        return new(streamed, RingOf(run, streamed), null);
    }

    private static FrameRing RingOf(RunContext run, StreamedSet set)
    {
        var batch = run.Recipe.Train.Batch;
        long longest = set.Lengths.Max();
        var window = batch.Unit switch
        {
            BatchUnit.Chunks => batch.Streams * longest,
            BatchUnit.Utterances => Math.Max(batch.Frames, longest),
            _ => Math.Max(batch.ShuffleWindow, batch.Frames) + longest,
        };
        var frames = (int)Math.Min((RingWindows * window) + longest, set.Frames);
        return new FrameRing(
            set, Device.Parse(run.Recipe.Train.Device), frames, (int)Math.Min(window, set.Frames), run.ThreadCount, run.Time,
            run.Progress.Say, run.Recipe.Train.Nan == NanPolicy.Quarantine ? run.Warn : null);
    }
}
