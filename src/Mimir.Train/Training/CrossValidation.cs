using Mimir.Train.Checkpoints;
using Mimir.Train.Data;

namespace Mimir.Train.Training;

/// <summary>Evaluates the network on the cross-validation set, each worker its share.</summary>
/// <param name="engine">The network.</param>
/// <param name="session">The agreement of the workers, which sums their shares.</param>
/// <param name="dealer">Deals this worker's share, in the same way each time.</param>
/// <param name="targets">The targets of the frames.</param>
/// <param name="observer">Follows the run.</param>
internal sealed class CrossValidation(
    ITrainingEngine engine, ITeamSession session, IBatchDealer dealer, FrameTargets targets, ITrainerObserver observer)
{
    private readonly TargetBatch _targets = new(targets);

    /// <summary>Evaluates the whole set.</summary>
    /// <param name="state">The position of the run; epoch 0 is the untrained network.</param>
    /// <param name="cancellation">Requests a stop.</param>
    /// <param name="totals">The sums over all workers.</param>
    /// <returns>False when it was stopped.</returns>
    public bool TryRun(TrainingState state, CancellationToken cancellation, out EpochTotals totals)
    {
        while (true)
        {
            // A lost worker's share is lost with it, and all begin again.
            var generation = session.Generation;
            if (!TryRunShare(state, cancellation, out totals))
                return false;
            if (session.TrySum(ref totals, generation))
                return true;
        }
    }

    private bool TryRunShare(TrainingState state, CancellationToken cancellation, out EpochTotals totals)
    {
        totals = default;
        dealer.Start(epoch: 1);
        while (dealer.TryNext(out var batch))
        {
            if (session.StopsValidation(cancellation))
                return false;

            if (batch.Rows.IsEmpty)
                continue;

            _targets.Gather(batch.Rows, batch.Context);
            var result = engine.Validate(batch, _targets);
            totals = totals.Add(result.Loss, result.Correct, result.Frames, measures: result.Measures);
            DivergedException.ThrowIfNotFinite(result.Loss, state, inValidation: true);
            observer.Validating(state.Epoch, totals);
        }

        return true;
    }
}
