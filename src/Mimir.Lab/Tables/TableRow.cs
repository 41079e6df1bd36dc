namespace Mimir.Lab.Tables;

/// <summary>A row of a table: a recipe, its workers, how they are kept together, and what is changed for that.</summary>
public sealed record TableRow
{
    /// <summary>The mode of one worker.</summary>
    public const string Alone = "alone";

    /// <summary>The recipe's name in the table.</summary>
    public required string Recipe { get; init; }

    /// <summary>The recipe's file.</summary>
    public required string RecipeFile { get; init; }

    /// <summary>The workers.</summary>
    public required WorkerShape Workers { get; init; }

    /// <summary>The update mode, or <see cref="Alone"/>.</summary>
    public required string Mode { get; init; }

    /// <summary>What is changed in the recipe, each as <c>key.key=value</c>, the last one wins.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>The cluster's file.</summary>
    public required string ClusterFile { get; init; }

    /// <summary>Training frames a second of one device, in place of the cluster file's; null for that.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>The speed-up that others have reported, or null.</summary>
    public ReportedSpeed? Reported { get; init; }

    /// <summary>Gets the row's name, which also names its folder.</summary>
    public string Name => Mode == Alone ? $"{Recipe}-1" : $"{Recipe}-{Workers}-{Mode}";
}
