namespace Mimir.Dist.Updates;

/// <summary>Options of <see cref="TwoTierUpdate"/>.</summary>
public sealed record TwoTierOptions : UpdateOptions
{
    /// <summary>Gets what goes on inside a machine.</summary>
    public SyncOptions Inside { get; init; } = new();

    /// <summary>Gets what goes on across machines; a machine counts as one worker, with the frames of all of its own.</summary>
    public BmufOptions Across { get; init; } = new();

    /// <inheritdoc/>
    public override double BatchScale(int workers, int machines) => (double)workers / machines;
}
