using Mimir.Train.Recipes;

namespace Mimir.Train.Tabulation;

/// <summary>How a table is run.</summary>
public sealed record TableRunOptions
{
    /// <summary>The folder of the table, with a folder for each row.</summary>
    public required string Output { get; init; }

    /// <summary>Whether rows that are there are made again. The default is false.</summary>
    public bool Restart { get; init; }

    /// <summary>What reading the recipes takes: variables, names of options; overrides of keys are the table's and left out.</summary>
    public RecipeReaderOptions Recipes { get; init; } = new();
}
