namespace Mimir.Dist.Updates;

/// <summary>The effect of an update on this worker.</summary>
/// <param name="ModelReplaced">True when the parameters are others than the optimiser left.</param>
/// <param name="ForgetMomentum">True when the optimiser must forget its momentum.</param>
public readonly record struct UpdateOutcome(bool ModelReplaced, bool ForgetMomentum)
{
    /// <summary>True when the end of an epoch was left early, because a signal was received.</summary>
    public bool Unfinished { get; init; }

    /// <summary>Gets the outcome when nothing was exchanged.</summary>
    public static UpdateOutcome Nothing => default;

    /// <summary>The effect of two updates, one after the other.</summary>
    /// <param name="later">The outcome of the second.</param>
    public UpdateOutcome Then(UpdateOutcome later) =>
        new(ModelReplaced || later.ModelReplaced, ForgetMomentum || later.ForgetMomentum) { Unfinished = later.Unfinished };
}
