using Mimir.Base;
using Mimir.Decode.Scoring;
using Mimir.Lab.Emulation;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Lab.Comparison;

/// <summary>Reads the folders of finished runs.</summary>
public static class FinishedRunReader
{
    /// <summary>Reads runs, each named by its folder.</summary>
    /// <param name="folders">The runs' folders.</param>
    /// <exception cref="FileNotFoundException">A folder holds no run.</exception>
    /// <exception cref="InputException">A run is not finished, or one of its files is broken.</exception>
    public static IReadOnlyList<FinishedRun> Read(IReadOnlyList<string> folders)
    {
        var names = folders.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))).ToList();
        return [.. folders.Select((folder, index) => Read(folder, names.Count(name => name == names[index]) > 1 ? folder : names[index]))];
    }

    /// <summary>Reads a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">Its name in the comparison.</param>
    /// <inheritdoc cref="Read(IReadOnlyList{string})"/>
    public static FinishedRun Read(string folder, string name)
    {
        var places = new RunFolder(folder);
        if (!File.Exists(places.Summary))
        {
            throw new FileNotFoundException(
                $"{folder}: expected the folder of a finished run, got none with {Path.GetFileName(places.Summary)}", folder);
        }

        var summary = RunSummary.Read(places.Summary);
        if (summary.Status != RunStatus.Ok)
        {
            throw new InputException(
                $"{places.Summary}:1: expected a finished run, got one that is {summary.Status.ToString().ToLowerInvariant()}; "
                + "'mimir train' with its recipe goes on with it");
        }

        var events = RunLog.Read(places.LogFile);
        var recipe = RecipeReader.Read(places.RecipeFile).Recipe;
        var exchanges = Last(events.OfType<WorkersExchanged>(), exchange => exchange.Epoch);
        var validations = Last(events.OfType<CrossValidated>(), validation => validation.Epoch);
        var workers = exchanges.Count > 0 ? exchanges.Values.Max(exchange => exchange.Workers) : recipe.Distribute.Workers;
        var run = new FinishedRun
        {
            Folder = folder,
            Name = name,
            Summary = summary,
            Workers = workers,
            Mode = workers == 1 ? "alone" : recipe.Distribute.Update.Name,
            InitialSeconds = validations.GetValueOrDefault(0)?.Seconds ?? 0,
            Epochs = [.. summary.Epochs.Where(epoch => epoch.Epoch > 0).Select(Epoch)],
            Sets = Sets(places, summary),
        };
        return EmulationSummary.TryRead(folder) is { } times ? EmulatedTimes.Of(run, times) : run;

        FinishedEpoch Epoch(EpochResult result)
        {
            var exchange = exchanges.GetValueOrDefault(result.Epoch);
            IReadOnlyList<long> staleness = exchange?.Staleness ?? [];
            var pushes = staleness.Sum();
            return new()
            {
                Result = result,
                TrainingSeconds = result.Seconds,
                ValidationSeconds = validations.GetValueOrDefault(result.Epoch)?.Seconds ?? 0,
                WaitingSeconds = exchange?.WaitingSeconds,
                Pushes = pushes,
                Staleness = pushes > 0 ? staleness.Select((count, overtaken) => (double)count * overtaken).Sum() / pushes : 0,
            };
        }
    }

    // A resumed run repeats steps after its checkpoint; the later line of the log counts.
    private static Dictionary<int, T> Last<T>(IEnumerable<T> events, Func<T, int> epoch) =>
        events.GroupBy(epoch).ToDictionary(group => group.Key, group => group.Last());

    private static Dictionary<string, IReadOnlyList<KeyValuePair<string, ErrorCounts>>> Sets(RunFolder places, RunSummary summary) =>
        summary.Results.Select(result => result.Set).Distinct().ToDictionary(
            set => set, set => UtteranceErrors.Read(Path.Combine(places.Decode(set), "per_utt")));
}

/// <summary>Replaces the measured times of an emulated run, which are those of the emulation, by the modelled ones.</summary>
internal static class EmulatedTimes
{
    /// <summary>The run with modelled times.</summary>
    /// <param name="run">The run as it was measured.</param>
    /// <param name="times">The emulator's summary.</param>
    /// <exception cref="InputException">An epoch has no modelled time.</exception>
    public static FinishedRun Of(FinishedRun run, EmulationSummary times)
    {
        var epochs = run.Epochs.Select(Epoch).ToList();
        return run with
        {
            Mode = times.Mode,
            Workers = times.Devices,
            Machines = times.Machines,
            Cluster = times.Cluster,
            Epochs = epochs,
            InitialSeconds = Math.Max(0, times.Seconds - epochs.Sum(epoch => epoch.Seconds)),
        };

        FinishedEpoch Epoch(FinishedEpoch epoch)
        {
            var time = times.Epochs.FirstOrDefault(time => time.Epoch == epoch.Result.Epoch)
                ?? throw new InputException(
                    $"{Path.Combine(run.Folder, EmulationSummary.FileName)}:1: expected a time for epoch {epoch.Result.Epoch}, got none; "
                    + "emulate the run again");
            return epoch with
            {
                TrainingSeconds = time.Seconds,
                ValidationSeconds = time.ValidationSeconds,
                WaitingSeconds = times.Devices > 1 ? time.Seconds * time.WaitingPercent / 100 : null,
                Pushes = time.MeanStaleness is null ? 0 : time.Blocks,
                Staleness = time.MeanStaleness ?? 0,
            };
        }
    }
}
