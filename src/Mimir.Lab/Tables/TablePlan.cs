using System.Globalization;
using Mimir.Base;

namespace Mimir.Lab.Tables;

/// <summary>The rows of a table.</summary>
public static class TablePlan
{
    /// <summary>Lays out the rows: recipe by recipe, one worker first, then shape by shape and mode by mode.</summary>
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
                throw new InputException($"{table.Name}: rows.{index.ToString(CultureInfo.InvariantCulture)}: expected the recipe, workers and mode of a row, got none that fits any");

            places.Add(new(recipe, workers, ModeOf(change.Mode, workers)
                ?? throw new InputException($"{table.Name}: rows.{index.ToString(CultureInfo.InvariantCulture)}: expected a mode for {workers} workers, got none")));
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
            changes.Add(string.Create(CultureInfo.InvariantCulture, $"distribute={{workers: {place.Workers.Workers}, update: {place.Mode}}}"));
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

        void Add(IReadOnlyDictionary<string, string>? set) => changes.AddRange((set ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key}={pair.Value}"));
    }

    private static T? ByShape<T>(IReadOnlyDictionary<string, T> values, WorkerShape shape)
        where T : class =>
        values.FirstOrDefault(value => WorkerShape.TryParse(value.Key, out var key) && key == shape).Value;

    private sealed record Place(string Recipe, WorkerShape Workers, string Mode);
}
