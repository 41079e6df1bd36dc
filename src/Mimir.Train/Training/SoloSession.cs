using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Losses;
using Mimir.Train.Quarantine;
using Mimir.Train.Tuning;

namespace Mimir.Train.Training;

/// <summary>The session of one worker, which agrees with itself.</summary>
/// <param name="engine">The network.</param>
/// <param name="progress">The progress of the run.</param>
/// <param name="tuning">Live tuning; null disables it.</param>
/// <param name="guard">Sets utterances aside; null stops at what cannot be trained on.</param>
internal sealed class SoloSession(ITrainingEngine engine, TrainingProgress progress, RunTuning? tuning = null, StepGuard? guard = null)
    : ITeamSession
{
    /// <inheritdoc/>
    public bool IsCoordinator => true;

    /// <inheritdoc/>
    public bool CanSaveAfterLoss => false;

    /// <inheritdoc/>
    public int Generation => 1;

    /// <inheritdoc/>
    public UpdateStatistics? Statistics => null;

    /// <inheritdoc/>
    public double TakeStallPercent() => 0;

    /// <inheritdoc/>
    public IBatchDealer ShareOf(IBatchDealer whole, int[] lengths)
    {
        guard?.List.Lay(lengths);
        return QuarantineDealer.Of(whole, guard?.List);
    }

    /// <inheritdoc/>
    public IBatchDealer ShareOfValidation(IBatchDealer whole) => whole;

    /// <inheritdoc/>
    public bool TryResume(Checkpoint? from)
    {
        if (from is null)
            return false;

        EngineVectors.Restore(engine, from);
        guard?.Restore(from);
        (progress.State, progress.Best) = (from.State, EngineVectors.BestOf(from));
        if (tuning is not null)
            progress.Schedule = tuning.Restore(progress.State);
        return true;
    }

    /// <inheritdoc/>
    public void SetModel(ReadOnlySpan<float> model) => engine.SetModel(model);

    /// <inheritdoc/>
    /// <remarks>An epoch that several workers began with leases begins anew.</remarks>
    public void BeginEpoch()
    {
        var state = progress.State;
        if (!DataShares.Continues(state, isLeased: false))
            state = state with { Step = 0, Totals = default };

        progress.State = state with { Totals = state.Totals with { Rows = 0 }, Leases = null };
        guard?.BeginEpoch();
    }

    /// <inheritdoc/>
    public TeamRequest BeforeStep(bool saveIsDue, CancellationToken cancellation)
    {
        var request = cancellation.IsCancellationRequested ? TeamRequest.Stop : TeamRequest.None;
        if (tuning is not null && tuning.IsPending(progress.State))
        {
            (progress.State, progress.Schedule) = tuning.Apply(tuning.Decision.Span, progress.State);
            saveIsDue = true;
        }

        return saveIsDue ? request | TeamRequest.Save : request;
    }

    /// <inheritdoc/>
    public bool TryStep(FrameBatch batch, TargetBatch targets, out BatchResult result)
    {
        result = default;
        if (batch.Rows.IsEmpty)
            return false;

        while (!batch.Rows.IsEmpty)
        {
            result = engine.Train(batch, targets, progress.State.Schedule.Rate);
            if (guard is null || !result.IsUndone)
                break;

            guard.SetAside(guard.Trace(batch, targets), result.Loss);
            batch = guard.List.Filter(batch);
            result = default;
            targets.Gather(batch.Rows);
        }

        guard?.Count(batch);
        return true;
    }

    /// <inheritdoc/>
    public TeamRequest EndOfData(CancellationToken cancellation) => TeamRequest.None;

    /// <inheritdoc/>
    /// <remarks>The totals of one worker are those of all.</remarks>
    public void EndEpoch()
    {
        engine.TakePendingStep(progress.State.Schedule.Rate);
        guard?.EndEpoch(_ => { });
    }

    /// <inheritdoc/>
    public bool StopsValidation(CancellationToken cancellation) => cancellation.IsCancellationRequested;

    /// <inheritdoc/>
    public bool TrySum(ref EpochTotals totals, int generation) => true;

    /// <inheritdoc/>
    public void BeforeVerdict()
    {
        // Tuning decisions were applied before a step.
    }

    /// <inheritdoc/>
    public TeamRequest AfterEpoch(bool saveIsDue, CancellationToken cancellation) => TeamRequest.None;

    /// <inheritdoc/>
    public float[]? FromCoordinator(float[]? model) => model;

    /// <inheritdoc/>
    public TrainingState Save(TrainingState state) => state with { Counters = engine.Counters, Leases = null, Ledger = null };

    /// <inheritdoc/>
    public Dictionary<string, float[]> SaveVectors(bool inEpoch)
    {
        var vectors = EngineVectors.Copy(engine, inEpoch);
        if (inEpoch)
            guard?.Save(vectors);
        return vectors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The engine belongs to the run.
    }
}
