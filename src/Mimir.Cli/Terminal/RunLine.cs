using System.Globalization;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Cli.Terminal;

/// <summary>The summary of a run, as the last lines of standard output.</summary>
internal static class RunLine
{
    /// <summary>One line for each score and one for the run.</summary>
    internal static string Of(RunResult result)
    {
        var best = result.Best is { } epoch ? string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch} of {result.Epochs.Max(done => done.Epoch)} is best: cross-entropy {epoch.CvLoss:0.0000}, frame accuracy {100 * epoch.CvAccuracy:0.00}%") : "no epoch is done";
        var state = result.Status == RunStatus.Ok ? "" : "interrupted, the same command goes on; ";
        return string.Join('\n', [.. result.Scores.Select(score => score.ToString()), $"{result.Folder.Root}: {state}{best}"]);
    }
}
