using Mimir.Train.Checkpoints;

namespace Mimir.Train.Training;

/// <summary>Follows the training loop: logs, progress displays, tests.</summary>
public interface ITrainerObserver
{
    /// <summary>Takes a finished step; called after every one, so it must return at once.</summary>
    /// <param name="state">Where the run stands after the step.</param>
    /// <param name="batch">What the step gave.</param>
    void StepDone(TrainingState state, BatchResult batch);

    /// <summary>Takes a finished batch of cross-validation.</summary>
    /// <param name="epoch">The epoch; 0 is the untrained network.</param>
    /// <param name="totals">What is added up so far.</param>
    void Validating(int epoch, EpochTotals totals);

    /// <summary>Takes a finished epoch; the first is the untrained network's.</summary>
    /// <param name="record">Its figures.</param>
    /// <param name="state">Where the run stands after it.</param>
    void EpochDone(EpochRecord record, TrainingState state);

    /// <summary>Takes a checkpoint that is safely on the disk.</summary>
    void CheckpointWritten(string folder);
}
