using Mimir.Train.Checkpoints;
using Mimir.Train.Losses;

namespace Mimir.Train.Training;

/// <summary>Follows the training loop: logs, progress displays, tests.</summary>
internal interface ITrainerObserver
{
    /// <summary>Receives a finished step; called after every one, so it must return at once.</summary>
    /// <param name="state">The position after the step.</param>
    /// <param name="batch">The result of the step's batch.</param>
    void StepDone(TrainingState state, BatchResult batch);

    /// <summary>Receives a finished batch of cross-validation.</summary>
    /// <param name="epoch">The epoch; 0 is the untrained network.</param>
    /// <param name="totals">The sums so far.</param>
    void Validating(int epoch, EpochTotals totals);

    /// <summary>Receives a finished epoch; the first is the untrained network's.</summary>
    /// <param name="record">Its figures.</param>
    /// <param name="state">The position after it.</param>
    void EpochDone(EpochRecord record, TrainingState state);

    /// <summary>Receives the average of models that was chosen in the end.</summary>
    /// <param name="record">Its figures.</param>
    void Averaged(AverageRecord record);

    /// <summary>Receives the folder of a checkpoint that is safely on the disk.</summary>
    void CheckpointWritten(string folder);
}

/// <summary>The end of a training loop.</summary>
/// <param name="Interrupted">True when it was asked to stop; a checkpoint holds its place.</param>
/// <param name="State">Its position.</param>
/// <param name="Best">The best network, as <see cref="ITrainingEngine.CopyModel"/> gave it.</param>
internal sealed record TrainerResult(bool Interrupted, TrainingState State, float[] Best);
