using Mimir.Train.Evaluation;
using Mimir.Train.Reports;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>What a run gave.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Folder">Where everything lies.</param>
/// <param name="Epochs">The finished epochs, the untrained network first.</param>
/// <param name="BestEpoch">The epoch of the model that was kept; 0 before the first.</param>
/// <param name="Scores">The error rates of the decoded sets.</param>
public sealed record RunResult(
    RunStatus Status, RunFolder Folder, IReadOnlyList<EpochRecord> Epochs, int BestEpoch, IReadOnlyList<SetScore> Scores)
{
    /// <summary>Gets the figures of the model that was kept, or null before the untrained network was evaluated.</summary>
    public EpochRecord? Best => Epochs.FirstOrDefault(epoch => epoch.Epoch == BestEpoch);
}
