using System.Diagnostics.CodeAnalysis;
using Mimir.Dist;
using Mimir.Train.Averages;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;

namespace Mimir.Train.Training;

/// <summary>The training loop: plan the epoch, step, validate, let the schedule decide, save.</summary>
/// <remarks>
/// Everything that decides the next step is in <see cref="TrainingState"/> and the checkpoint's vectors, so a run that is
/// killed and resumed at any step ends with the same bytes as one that is not.
/// </remarks>
/// <param name="engine">The network on its corpus.</param>
/// <param name="session">The agreement of the workers.</param>
/// <param name="progress">The progress of the run, which the session shares.</param>
/// <param name="planner">Plans each epoch.</param>
/// <param name="targets">The targets of the training frames.</param>
/// <param name="validation">The cross-validation.</param>
/// <param name="checkpoints">Writes the run's checkpoints.</param>
/// <param name="observer">Follows the run.</param>
/// <param name="average">The average of the run's models, which <paramref name="checkpoints"/> saves; null for none.</param>
/// <param name="course">The share of the data that is done, for rates that change at every step; null where none does.</param>
/// <param name="shrink">The share by which parameters shrink at the start of an epoch, as a multiple of the learning rate.</param>
internal sealed class Trainer(
    ITrainingEngine engine,
    ITeamSession session,
    TrainingProgress progress,
    IEpochPlanner planner,
    FrameTargets targets,
    CrossValidation validation,
    CheckpointWriter checkpoints,
    ITrainerObserver observer,
    IModelAverage? average = null,
    TrainingCourse? course = null,
    double shrink = 0)
{
    private readonly TargetBatch _targets = new(targets);

    /// <summary>Trains until the schedule stops the run.</summary>
    /// <param name="from">The checkpoint to continue from, or null to start with the engine's network as it is.</param>
    /// <param name="cancellation">Asks the run to save itself at the next step and return.</param>
    /// <exception cref="DivergedException">A loss is not a number; the last checkpoint is older and sound.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written; those before it are untouched.</exception>
    /// <exception cref="PeerLostException">A worker is lost whom the update mode cannot do without.</exception>
    public TrainerResult Run(Checkpoint? from, CancellationToken cancellation)
    {
        if (!session.TryResume(from) && !TryBegin(cancellation))
            return Ended(isInterrupted: true);

        if (from is not null)
            average?.Load(from.VectorsOf(Checkpoint.Average));

        try
        {
            while (progress.State.Schedule.Finished is null)
            {
                if (!TryPlan(cancellation, out var plan)
                    || !TryTrain(plan, cancellation)
                    || !validation.TryRun(progress.State, cancellation, out var totals))
                {
                    checkpoints.Write(progress);
                    return Ended(isInterrupted: true);
                }

                Decide(totals);
                checkpoints.Write(progress);
                var stops = progress.State.Schedule.Finished is null
                    && session.AfterEpoch(checkpoints.IsDue, cancellation).HasFlag(TeamRequest.Stop);
                if (stops)
                    return Ended(isInterrupted: true);
            }

            return Ended(isInterrupted: average is not null && !TryAverage(average, cancellation));
        }
        catch (PeerLostException) when (session.CanSaveAfterLoss)
        {
            checkpoints.Write(progress);
            throw;
        }
    }

    // The untrained network is validated too: the schedule compares the first epoch with it.
    private bool TryBegin(CancellationToken cancellation)
    {
        progress.Best = engine.CopyModel();
        if (!validation.TryRun(progress.State with { Epoch = 0 }, cancellation, out var totals))
            return false;

        observer.EpochDone(progress.Begin(totals), progress.State);
        checkpoints.Write(progress);
        return true;
    }

    private bool TryPlan(CancellationToken cancellation, [NotNullWhen(true)] out EpochPlan? plan)
    {
        if (progress.State.Step == 0)
        {
            if (progress.Schedule.TrainsFromBest)
                session.SetModel(progress.Best);

            if (shrink > 0)
                Shrink(1 - (shrink * progress.State.Schedule.Rate));

            // As in nnet1, whose model files hold no momentum.
            engine.ResetOptimiser();
        }

        if (!planner.TryPlan(progress.State.Epoch, cancellation, out plan))
            return false;

        _targets.Sources = plan.Sources;
        session.BeginEpoch();
        plan.Dealer.Start(progress.State.Epoch, progress.State.Step);
        return true;
    }

    private bool TryTrain(EpochPlan plan, CancellationToken cancellation)
    {
        while (true)
        {
            var request = session.BeforeStep(checkpoints.IsDue, cancellation);
            if (request.HasFlag(TeamRequest.Save))
                checkpoints.Write(progress);
            if (request.HasFlag(TeamRequest.Stop))
                return false;

            FrameBatch batch = default;
            if (!request.HasFlag(TeamRequest.Drain))
                plan.Dealer.TryNext(out batch);
            _targets.Gather(batch.Rows);
            if (course is not null)
                Advance(course.ShareOf(progress.State));
            if (session.TryStep(batch, _targets, out var result))
            {
                DivergedException.ThrowIfNotFinite(result.Loss, progress.State);
                progress.Count(
                    plan.Dealer.Position, result.Loss, result.Correct, result.Frames, batch.Rows.Length, result.Measures);
                observer.StepDone(progress.State, result);
                if (session.IsCoordinator && average is not null && average.TakesStep(progress.State))
                    average.Add(engine.CopyModel());
                continue;
            }

            request = session.EndOfData(cancellation);
            if (request.HasFlag(TeamRequest.Stop))
                return false;
            if (!request.HasFlag(TeamRequest.Unfinished))
                break;
        }

        session.EndEpoch();
        return true;
    }

    private void Shrink(double factor) => session.SetModel(Array.ConvertAll(engine.CopyModel(), value => (float)(value * factor)));

    private void Advance(double share)
    {
        progress.State = progress.State with { Schedule = progress.Schedule.During(progress.State.Schedule, share) };
        engine.Advance(share);
    }

    private void Decide(EpochTotals totals)
    {
        session.BeforeVerdict();
        var record = progress.EndEpoch(totals);
        if (record.Accepted)
            progress.Best = engine.CopyModel();
        if (session.IsCoordinator && average is not null && average.TakesEpoch(record))
            average.Add(engine.CopyModel());

        observer.EpochDone(record, progress.State);
    }

    // The coordinator's models are validated by all, each its share; the best mean is the model where no epoch's is better.
    private bool TryAverage(IModelAverage models, CancellationToken cancellation)
    {
        var isStopped = false;
        var found = new Dictionary<double, EpochTotals>();
        if (!session.IsCoordinator)
        {
            while (session.FromCoordinator(null) is { } model)
                Validate(model);
            return true;
        }

        var chosen = models.Choose(Validate);
        session.FromCoordinator(null);
        if (isStopped)
            return false;
        if (chosen is null)
            return true;

        var isBetter = chosen.Loss < progress.State.Schedule.BestLoss;
        var record = new AverageRecord(chosen.Description, chosen.Loss, found[chosen.Loss].Accuracy, isBetter);
        progress.State = progress.State with { Average = record };
        if (isBetter)
            progress.Best = chosen.Model;
        observer.Averaged(record);
        return true;

        double? Validate(float[] model)
        {
            if (session.IsCoordinator)
                session.FromCoordinator(model);
            engine.SetModel(model);
            isStopped = !validation.TryRun(progress.State, cancellation, out var totals);
            if (isStopped)
                return null;

            found[totals.LossPerFrame] = totals;
            return totals.LossPerFrame;
        }
    }

    private TrainerResult Ended(bool isInterrupted) => new(isInterrupted, progress.State, progress.Best);
}
