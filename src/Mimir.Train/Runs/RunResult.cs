using Mimir.Train.Checkpoints;
using Mimir.Train.Evaluation;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>The result of a run.</summary>
/// <param name="Status">The way it ended.</param>
/// <param name="Folder">The folder of all its files.</param>
/// <param name="Epochs">The finished epochs, the untrained network first.</param>
/// <param name="BestEpoch">The epoch of the model that was kept; 0 before the first.</param>
/// <param name="Scores">The error rates of the decoded sets.</param>
public sealed record RunResult(
    RunStatus Status, RunFolder Folder, IReadOnlyList<EpochRecord> Epochs, int BestEpoch, IReadOnlyList<SetScore> Scores)
{
    /// <summary>True when the run was over before it was started this time.</summary>
    public bool WasFinished { get; init; }

    /// <summary>Gets the average of models; null where there is none.</summary>
    public AverageRecord? Average { get; init; }

    /// <summary>Gets the figures of the model of the best epoch, or null before the untrained network was evaluated.</summary>
    public EpochRecord? Best => Epochs.FirstOrDefault(epoch => epoch.Epoch == BestEpoch);
}
