namespace Mimir.Dist.Updates;

/// <summary>What an update did to this worker.</summary>
/// <param name="ModelReplaced">The parameters are others than the optimiser left.</param>
/// <param name="ForgetMomentum">The optimiser must forget what it remembers of earlier steps.</param>
public readonly record struct UpdateOutcome(bool ModelReplaced, bool ForgetMomentum)
{
    /// <summary>Gets a value indicating whether the end of an epoch was not waited for, because a signal was heard.</summary>
    public bool Unfinished { get; init; }

    /// <summary>Gets the outcome when nothing was exchanged.</summary>
    public static UpdateOutcome Nothing => default;

    /// <summary>What two updates one after the other did.</summary>
    /// <param name="later">The outcome of the second.</param>
    public UpdateOutcome Then(UpdateOutcome later) =>
        new(ModelReplaced || later.ModelReplaced, ForgetMomentum || later.ForgetMomentum) { Unfinished = later.Unfinished };
}
