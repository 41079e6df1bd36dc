using System.Globalization;

namespace Mimir.Train.Reports;

/// <summary>What this worker has exchanged with the others in an epoch, and how long it stood still.</summary>
public sealed record WorkersExchanged : RunEvent
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The workers.</summary>
    public int Workers { get; init; }

    /// <summary>Steps whose gradients were summed.</summary>
    public long Steps { get; init; }

    /// <summary>Averages, block updates, or pushes to the parameter server.</summary>
    public long Blocks { get; init; }

    /// <summary>Bytes of gradients or models that this worker gave into exchanges.</summary>
    public long Bytes { get; init; }

    /// <summary>How long exchanges took, those beside the backward pass included, in seconds.</summary>
    public double ExchangeSeconds { get; init; }

    /// <summary>How long training stood still for the others, in seconds.</summary>
    public double WaitingSeconds { get; init; }

    /// <summary>The same in per cent of the epoch's training.</summary>
    public double WaitingPercent { get; init; }

    /// <summary>How long training stood still for its input, in per cent of the epoch's training; null where it was not measured.</summary>
    public double? InputStallPercent { get; init; }

    /// <summary>The pushes by staleness, on the parameter server: element s counts those that s others overtook. Else null.</summary>
    public IReadOnlyList<long>? Staleness { get; init; }
}

/// <summary>A running job was tuned: something has another value from a step on, the same on all workers.</summary>
public sealed record RunTuned : RunEvent
{
    /// <summary>The epoch of the first step with it, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>That step within the epoch, from 1.</summary>
    public required int EpochStep { get; init; }

    /// <summary>That step since the run began, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>The block that the step is in, from 1, where workers meet in blocks; else null.</summary>
    public long? Block { get; init; }

    /// <summary>What has changed.</summary>
    public required IReadOnlyList<TunedValue> Changes { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(", ", Changes)} from epoch {Epoch}, step {EpochStep} on{(Block is { } block ? $" (block {block})" : "")}");
}

/// <summary>A value that was tuned.</summary>
/// <param name="Key">What it is: <c>rate</c>, or the last part of its path in the recipe.</param>
/// <param name="From">The value before.</param>
/// <param name="To">The value from now on.</param>
public sealed record TunedValue(string Key, string From, string To)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key} {From} -> {To}";
}
