using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Losses;

namespace Mimir.Train.Training;

/// <summary>The agreement of a run's workers: steps, data, saving, stopping, tuning, members that are lost or join.</summary>
/// <remarks>
/// The training loop asks it once a step and does not know how many workers there are. All workers call the same methods in the
/// same order. It may change the <see cref="TrainingProgress"/> that it was made with.
/// </remarks>
internal interface ITeamSession : IDisposable
{
    /// <summary>True when this worker writes checkpoints.</summary>
    bool IsCoordinator { get; }

    /// <summary>True when the run is whole and can be saved after a worker was lost.</summary>
    bool CanSaveAfterLoss { get; }

    /// <summary>Gets the formation of the group; it rises when a worker is lost or joins.</summary>
    int Generation { get; }

    /// <summary>Gets the statistics of exchanges since the run began; null for one worker alone.</summary>
    UpdateStatistics? Statistics { get; }

    /// <summary>Returns the share of the time since the last call in which this worker waited for data, in per cent.</summary>
    double TakeStallPercent();

    /// <summary>This worker's share of the training batches of an epoch.</summary>
    /// <param name="whole">Deals the batches of all workers.</param>
    /// <param name="lengths">The frames of each utterance.</param>
    IBatchDealer ShareOf(IBatchDealer whole, int[] lengths);

    /// <summary>This worker's share of the cross-validation batches, divided among those that are there when it starts.</summary>
    /// <param name="whole">Deals the batches of all workers.</param>
    IBatchDealer ShareOfValidation(IBatchDealer whole);

    /// <summary>Continues a run: with the others that are already training, or from a checkpoint.</summary>
    /// <param name="from">The checkpoint, or null.</param>
    /// <returns>False when there is nothing to continue, and the run begins.</returns>
    bool TryResume(Checkpoint? from);

    /// <summary>Replaces the network by an earlier one, the same on all workers.</summary>
    void SetModel(ReadOnlySpan<float> model);

    /// <summary>Begins an epoch, or continues within one; the position may go back to the epoch's beginning.</summary>
    void BeginEpoch();

    /// <summary>Exchanges requests before a step, and lets newcomers in.</summary>
    /// <param name="saveIsDue">True when it is time for a checkpoint.</param>
    /// <param name="cancellation">Requests a stop.</param>
    /// <returns>The requests to fulfil before the step: Save, Stop, Drain.</returns>
    TeamRequest BeforeStep(bool saveIsDue, CancellationToken cancellation);

    /// <summary>Steps together with the others.</summary>
    /// <param name="batch">This worker's frames; none where its share of the epoch is over.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="result">The result of this worker's batch.</param>
    /// <returns>False, with nothing done, when no worker has a batch that this one must take part in.</returns>
    bool TryStep(FrameBatch batch, TargetBatch targets, out BatchResult result);

    /// <summary>Ends the training part of an epoch, when this worker has no more data.</summary>
    /// <param name="cancellation">Requests a stop.</param>
    /// <returns>Stop; or Unfinished when the epoch goes on, for example with data that a lost worker has left.</returns>
    TeamRequest EndOfData(CancellationToken cancellation);

    /// <summary>Closes an epoch whose data are all trained: sums the workers' totals.</summary>
    void EndEpoch();

    /// <summary>Returns true when cross-validation must stop; several workers stop only where all of them agree.</summary>
    bool StopsValidation(CancellationToken cancellation);

    /// <summary>Sums the totals of all workers' shares of cross-validation.</summary>
    /// <param name="totals">This worker's totals, replaced by the sum.</param>
    /// <param name="generation">The <see cref="Generation"/> when the shares began.</param>
    /// <returns>False when a share was lost with its worker, and all validate again.</returns>
    bool TrySum(ref EpochTotals totals, int generation);

    /// <summary>Applies tuning decisions since the last step, before the schedule decides.</summary>
    void BeforeVerdict();

    /// <summary>Exchanges requests between two epochs, and lets newcomers in.</summary>
    /// <inheritdoc cref="BeforeStep"/>
    TeamRequest AfterEpoch(bool saveIsDue, CancellationToken cancellation);

    /// <summary>Gives all workers a model of the coordinator; all call it together.</summary>
    /// <param name="model">The coordinator's model, or null at the end; that of others is ignored.</param>
    float[]? FromCoordinator(float[]? model);

    /// <summary>Adds to a state what a checkpoint keeps: counters, leases, the ledger's length.</summary>
    TrainingState Save(TrainingState state);

    /// <summary>The vectors that a checkpoint keeps: the optimiser, the update mode, the state carried between batches.</summary>
    /// <param name="inEpoch">True within an epoch; only then carried state matters.</param>
    Dictionary<string, float[]> SaveVectors(bool inEpoch);
}

/// <summary>Requests that all workers fulfil at the same step or block.</summary>
[Flags]
internal enum TeamRequest : long
{
    None = 0,

    /// <summary>Save the run and end.</summary>
    Stop = 1,

    /// <summary>Save the run and continue.</summary>
    Save = 2,

    /// <summary>Let newcomers in.</summary>
    Admit = 4,

    /// <summary>Continue an epoch of which something is left.</summary>
    Unfinished = 8,

    /// <summary>Apply the decision that the coordinator has sent.</summary>
    Tune = 16,

    /// <summary>Train on no more data of this epoch. Of one worker; never sent.</summary>
    Drain = 32,

    /// <summary>Take no step with the gradients that were summed with it.</summary>
    Undo = 64,
}
