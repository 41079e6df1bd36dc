namespace Mimir.Dist.Updates;

/// <summary>What a mode has exchanged since it was made; for the log.</summary>
public sealed record UpdateStatistics
{
    /// <summary>Gets the steps of which gradients were summed.</summary>
    public long Steps { get; init; }

    /// <summary>Gets the blocks done: averages, block updates, or pushes.</summary>
    public long Blocks { get; init; }

    /// <summary>Gets the bytes of vectors that this worker gave into exchanges; what a ring sends is up to twice as much.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets how long the training loop stood still for the others.</summary>
    public TimeSpan Waiting { get; init; }

    /// <summary>Gets how long exchanges took, those beside the backward pass included.</summary>
    public TimeSpan Exchanging { get; init; }

    /// <summary>Gets the pushes by staleness, on the master: element s counts those that s others overtook.</summary>
    public IReadOnlyList<long> Staleness { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = $"{Steps} steps, {Blocks} blocks, {Bytes / 1e6:0.0} MB, waited {Waiting.TotalSeconds:0.00} s of "
            + $"{Exchanging.TotalSeconds:0.00} s of exchanges";
        return Staleness.Count == 0 ? text : $"{text}, staleness {string.Join(' ', Staleness)}";
    }
}
