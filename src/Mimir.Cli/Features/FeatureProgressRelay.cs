using Mimir.Features.Directories;
using Mimir.Train.Reports;

namespace Mimir.Cli.Features;

/// <summary>Shows how far a data directory is, with its speed against that of the speech.</summary>
internal sealed class FeatureProgressRelay(ITrainingProgress progress, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>Passes on how far it is.</summary>
    internal void Report(FeatureDirectoryProgress done)
    {
        var seconds = clock.GetElapsedTime(_began).TotalSeconds;
        var rate = done.Done / seconds;
        progress.Report(new()
        {
            Stage = RunStage.Features,
            Done = done.Done,
            Total = done.Total,
            Unit = "utterances",
            RealTimeFactor = done.Seconds / seconds,
            Remaining = TimeSpan.FromSeconds((done.Total - done.Done) / rate),
        });
    }
}
