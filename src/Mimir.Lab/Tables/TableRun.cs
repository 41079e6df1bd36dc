using Mimir.Base;
using Mimir.Config;
using Mimir.Lab.Comparison;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Training;

namespace Mimir.Lab.Tables;

/// <summary>Makes the rows of a table that are not made yet, and puts the table together.</summary>
public static class TableRun
{
    /// <summary>Runs a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="folder">The folder that its paths are relative to.</param>
    /// <param name="options">Where rows go, and what reading recipes takes.</param>
    /// <param name="runner">Runs a row.</param>
    /// <param name="progress">Follows the rows.</param>
    /// <param name="cancellation">Ends the table; the rows that are finished stay.</param>
    /// <exception cref="InputException">A recipe, the data, a cluster or a change is wrong.</exception>
    /// <exception cref="IOException">A file is missing or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">The table was ended.</exception>
    public static TableResult Execute(
        TableDefinition table, string folder, TableRunOptions options, ITableRunner runner, ITrainingProgress progress, CancellationToken cancellation)
    {
        // All recipes are read before the first is run, so that a mistake in the last does not come after an hour.
        var rows = TablePlan.Rows(table, folder)
            .Select(row => (Row: row, Recipe: Read(row, options), Place: new RowFolder(Path.Combine(options.Output, row.Name))))
            .Select(row => (row.Row, row.Recipe, row.Place, Fingerprint: RowFolder.Fingerprint(row.Row, row.Recipe, options.Program)))
            .ToList();
        var outcomes = new List<RowOutcome>();
        foreach (var (row, recipe, place, fingerprint) in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var title = FormattableString.Invariant($"row {outcomes.Count + 1} of {rows.Count}: {row.Name}");
            if (!options.Restart && place.IsFinished(fingerprint))
            {
                progress.Say($"{title} is there already");
                outcomes.Add(new(row, FinishedRunReader.Read(place.Root, row.Name), null));
                continue;
            }

            progress.Say(title);
            outcomes.Add(Make(row, recipe, place, fingerprint, runner, progress, cancellation));
        }

        return TableResult.Of(table, outcomes);
    }

    private static RowOutcome Make(
        TableRow row, LoadedRecipe recipe, RowFolder place, string fingerprint, ITableRunner runner, ITrainingProgress progress,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(place.Root);
        place.Begin();
        try
        {
            if (runner.Run(row, recipe, progress, cancellation) != RunStatus.Ok)
                throw new OperationCanceledException(cancellation);
        }
        catch (DivergedException error)
        {
            // A mode that does not learn with so many workers is a result of the table, not its end.
            progress.Say($"{row.Name}: {error.Message}");
            return new(row, null, error.Message);
        }

        place.Finish(fingerprint);
        return new(row, FinishedRunReader.Read(place.Root, row.Name), null);
    }

    private static LoadedRecipe Read(TableRow row, TableRunOptions options)
    {
        var variables = options.Recipes.Overrides.Where(change => Overrides.IsVariable(Overrides.Split(change).Key));
        var loaded = RecipeReader.Read(row.RecipeFile, options.Recipes with { Overrides = [.. variables, .. row.Overrides] });
        return loaded with { Recipe = loaded.Recipe with { Name = row.Name, Output = Path.Combine(options.Output, row.Name) } };
    }
}
