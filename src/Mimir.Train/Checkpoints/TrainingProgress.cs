using Mimir.Train.Schedules;

namespace Mimir.Train.Checkpoints;

/// <summary>The progress of a run: its state, its schedule and the best network so far.</summary>
/// <remarks>The training loop advances it. What the workers agree on may change it too: who joins gets it, who tunes changes it.</remarks>
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
}
