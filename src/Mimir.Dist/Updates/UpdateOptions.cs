namespace Mimir.Dist.Updates;

/// <summary>Which update mode runs, and how; the kinds derive from it.</summary>
public abstract record UpdateOptions
{
    /// <summary>Gets how the learning rate follows from the size of the global batch. The default changes nothing.</summary>
    public RateScaling Scaling { get; init; } = new();

    /// <summary>How many times the batch of one worker the optimiser's step is taken with.</summary>
    /// <param name="workers">The workers of the job.</param>
    /// <param name="machines">The machines they are spread over evenly.</param>
    public virtual double BatchScale(int workers, int machines) => 1;

    /// <summary>The error when a mode is given these options and is of another kind.</summary>
    internal ArgumentException IsOfAnotherMode(string expected) => new($"expected {expected}, got {GetType().Name}: the mode stays what it is");

    private protected static void RequirePositive(long value, string name)
    {
        if (value < 1)
            throw new ArgumentException($"expected {name} of at least 1, got {value}");
    }

    private protected static void RequireWithin(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
            throw new ArgumentException($"expected {name} from {low} to {high}, got {value}");
    }
}
