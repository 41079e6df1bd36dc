using Mimir.Train.Schedules;

namespace Mimir.Train.Checkpoints;

/// <summary>The progress of a run: its state, its schedule and the best network so far.</summary>
/// <remarks>
/// The training loop advances it. The session of the workers may change it too: a rejoining worker receives it, and tuning changes it.
/// </remarks>
internal sealed class TrainingProgress
{
    /// <summary>Begins at epoch 1.</summary>
    /// <param name="fingerprint">The fingerprint of the recipe, written to every checkpoint.</param>
    /// <param name="schedule">The schedule.</param>
    public TrainingProgress(string fingerprint, ISchedule schedule)
    {
        State = new() { Fingerprint = fingerprint, Epoch = 1, Schedule = new() };
        Schedule = schedule;
    }

    /// <summary>Gets or sets the position.</summary>
    public TrainingState State { get; set; }

    /// <summary>Gets or sets the schedule, which decides after every epoch.</summary>
    public ISchedule Schedule { get; set; }

    /// <summary>Gets or sets the best network.</summary>
    public float[] Best { get; set; } = [];

    /// <summary>Begins the schedule with the validation of the untrained network.</summary>
    /// <param name="validated">The sums of cross-validation.</param>
    public EpochRecord Begin(EpochTotals validated)
    {
        var record = new EpochRecord(0, 0, 0, 0, validated.LossPerFrame, validated.Accuracy, false)
        {
            CvMeasures = Measure.Means(validated.Measures),
        };
        State = State with { Schedule = Schedule.Start(validated.LossPerFrame), History = [.. State.History, record] };
        return record;
    }

    /// <summary>Counts a step, and the batches before it that were passed over.</summary>
    /// <param name="position">The batches of the epoch that are dealt so far.</param>
    /// <param name="loss">The loss of the batch, summed over frames.</param>
    /// <param name="correct">Its frames, by weight, whose best class is the target.</param>
    /// <param name="frames">Its frames, by weight.</param>
    /// <param name="rows">Its frames, each counted once.</param>
    /// <param name="measures">What else its loss measures.</param>
    public void Count(
        int position, double loss, double correct, double frames, int rows, IReadOnlyList<Measure>? measures = null)
    {
        var steps = Math.Max(1, position - State.Step);
        State = State with
        {
            Step = State.Step + steps,
            TotalSteps = State.TotalSteps + steps,
            Totals = State.Totals.Add(loss, correct, frames, rows, measures),
        };
    }

    /// <summary>Lets the schedule decide on an epoch, and goes on to the next one.</summary>
    /// <param name="validated">The sums of cross-validation.</param>
    public EpochRecord EndEpoch(EpochTotals validated)
    {
        var (epoch, trained) = (State.Epoch, State.Totals);
        var verdict = Schedule.After(State.Schedule, validated.LossPerFrame);
        var record = new EpochRecord(
            epoch, State.Schedule.Rate, trained.LossPerFrame, trained.Accuracy, validated.LossPerFrame, validated.Accuracy,
            verdict.Accepted)
        {
            TrainMeasures = Measure.Means(trained.Measures),
            CvMeasures = Measure.Means(validated.Measures),
        };
        State = State with
        {
            Epoch = epoch + 1,
            Step = 0,
            Totals = default,
            Schedule = verdict,
            History = [.. State.History, record],
        };
        return record;
    }
}
