using Mimir.Base;
using Mimir.Lab.Emulation;

namespace Mimir.Lab.Comparison;

/// <summary>Puts the modelled times of an emulated run in the place of the measured ones, which say how long the emulation took.</summary>
internal static class EmulatedTimes
{
    /// <summary>The run with modelled times.</summary>
    /// <param name="run">The run as it was measured.</param>
    /// <param name="times">What the emulator says.</param>
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
                    $"{Path.Combine(run.Folder, EmulationSummary.FileName)}:1: expected a time for epoch {epoch.Result.Epoch}, got none; emulate the run again");
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
