using System.Globalization;
using Mimir.Base;

namespace Mimir.Lab.Tables;

/// <summary>A row of a table: a recipe with a number of workers, an update mode and changes.</summary>
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

    /// <summary>Changes of the recipe, each as <c>key.key=value</c>; the last one wins.</summary>
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

/// <summary>Expands a table into its rows.</summary>
public static class TablePlan
{
    /// <summary>Lists the rows: recipe by recipe, one worker first, then shape by shape and mode by mode.</summary>
    /// <param name="table">The table.</param>
    /// <param name="folder">The folder that its paths are relative to.</param>
    /// <exception cref="InputException">A change fits no row.</exception>
    public static IReadOnlyList<TableRow> Rows(TableDefinition table, string folder)
    {
        var places = table.Recipes.SelectMany(recipe => Product(recipe.Key, recipe.Value)).Distinct().ToList();
        foreach (var (change, index) in table.Rows.Select((change, index) => (change, index)))
        {
            if (places.Any(place => Fits(change, place)))
                continue;
            if (change is not { Recipe: { } recipe, Workers: { } workers })
                throw Unfit(index, "expected the recipe, workers and mode of a row, got none that fits any");

            places.Add(new(recipe, workers, ModeOf(change.Mode, workers)
                ?? throw Unfit(index, $"expected a mode for {workers} workers, got none")));
        }

        var names = table.Recipes.Keys.ToList();
        return
        [
            .. places
                .OrderBy(place => names.IndexOf(place.Recipe))
                .ThenBy(place => place.Workers.Workers)
                .ThenBy(place => place.Workers.Machines)
                .Select(place => Row(table, place, folder)),
        ];

        InputException Unfit(int index, string problem) => new(FormattableString.Invariant($"{table.Name}: rows.{index}: {problem}"));
    }

    private static IEnumerable<Place> Product(string name, TableRecipe recipe) => recipe.Workers.SelectMany(workers => workers.Workers == 1
        ? [new Place(name, workers, TableRow.Alone)]
        : recipe.Modes.Select(mode => new Place(name, workers, mode)));

    private static string? ModeOf(string? mode, WorkerShape workers) => workers.Workers == 1 ? TableRow.Alone : mode;

    private static bool Fits(TableChange change, Place place) =>
        (change.Recipe ?? place.Recipe) == place.Recipe
        && (change.Workers ?? place.Workers) == place.Workers
        && (change.Mode ?? place.Mode) == place.Mode;

    private static TableRow Row(TableDefinition table, Place place, string folder)
    {
        var recipe = table.Recipes[place.Recipe];
        var changes = new List<string> { string.Create(CultureInfo.InvariantCulture, $"seed={table.Seed}") };
        Add(recipe.Set);
        if (place.Mode != TableRow.Alone)
        {
            changes.Add(string.Create(
                CultureInfo.InvariantCulture, $"distribute={{workers: {place.Workers.Workers}, update: {place.Mode}}}"));
        }

        Add(table.Modes.GetValueOrDefault(place.Mode)?.Set);
        foreach (var change in table.Rows.Where(change => Fits(change, place)))
            Add(change.Set);
        return new()
        {
            Recipe = place.Recipe,
            RecipeFile = Path.Combine(folder, recipe.File),
            Workers = place.Workers,
            Mode = place.Mode,
            Overrides = changes,
            ClusterFile = Path.Combine(folder, ByShape(table.Clusters, place.Workers) ?? table.Cluster),
            FramesPerSecond = recipe.FramesPerSecond,
            Reported = ByShape(recipe.Reported, place.Workers),
        };

        void Add(IReadOnlyDictionary<string, string>? set) =>
            changes.AddRange((set ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key}={pair.Value}"));
    }

    private static T? ByShape<T>(IReadOnlyDictionary<string, T> values, WorkerShape shape)
        where T : class =>
        values.FirstOrDefault(value => WorkerShape.TryParse(value.Key, out var key) && key == shape).Value;

    private sealed record Place(string Recipe, WorkerShape Workers, string Mode);
}
