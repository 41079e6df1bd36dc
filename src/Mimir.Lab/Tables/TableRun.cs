using System.Security.Cryptography;
using System.Text;
using Mimir.Base;
using Mimir.Config;
using Mimir.Core.Graph;
using Mimir.Decode.Search;
using Mimir.Dist.Costs;
using Mimir.Kaldi.Data;
using Mimir.Lab.Comparison;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;
using Mimir.Train.Training;

namespace Mimir.Lab.Tables;

/// <summary>Options of running a table.</summary>
public sealed record TableRunOptions
{
    /// <summary>The folder of the table, with a folder for each row.</summary>
    public required string Output { get; init; }

    /// <summary>True to make rows again that are finished.</summary>
    public bool Restart { get; init; }

    /// <summary>The identity of the program; rows made by another are made again. By default that of this build.</summary>
    public string Program { get; init; } = ThisBuild();

    /// <summary>Options for reading the recipes: variables and option names; overrides of keys are the table's own.</summary>
    public RecipeReaderOptions Recipes { get; init; } = new();

    /// <summary>The module ids that the compiler assigns: equal for equal sources.</summary>
    private static string ThisBuild() => string.Join(
        ' ',
        new[] { typeof(LayerGraph), typeof(BatchDecoder), typeof(ClusterModel), typeof(DataDirectory), typeof(TableRun) }
            .Select(type => type.Module.ModuleVersionId));
}

/// <summary>Trains and decodes the rows of a table.</summary>
public interface ITableRunner
{
    /// <summary>Runs a row from its beginning; the result is the folder of a run.</summary>
    /// <param name="row">The row.</param>
    /// <param name="recipe">Its recipe, with all changes; its folder is where the run goes.</param>
    /// <param name="progress">Follows the run.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The status at its end.</returns>
    /// <exception cref="DivergedException">Training gave a loss that is not a number, or never a better network.</exception>
    RunStatus Run(TableRow row, LoadedRecipe recipe, ITrainingProgress progress, CancellationToken cancellation);
}

/// <summary>Runs the rows of a table that are not finished and assembles the table.</summary>
public static class TableRun
{
    /// <summary>Runs a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="folder">The folder that its paths are relative to.</param>
    /// <param name="options">The output folder, and options for reading recipes.</param>
    /// <param name="runner">Runs a row.</param>
    /// <param name="progress">Follows the rows.</param>
    /// <param name="cancellation">Ends the table; the rows that are finished stay.</param>
    /// <exception cref="InputException">A recipe, the data, a cluster or a change is wrong.</exception>
    /// <exception cref="IOException">A file is missing or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">The table was ended.</exception>
    public static TableResult Execute(
        TableDefinition table, string folder, TableRunOptions options, ITableRunner runner, ITrainingProgress progress,
        CancellationToken cancellation)
    {
        TableReport.RefuseForeign(options.Output, table.Name);

        // All recipes are read before the first is run, so that a mistake in the last one is found at once.
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
            // A mode that diverges with this number of workers is a result of the table; the other rows follow.
            progress.Say($"{row.Name}: {error.Message}");
            return new(row, null, error.Message);
        }

        place.Finish(fingerprint);
        return new(row, FinishedRunReader.Read(place.Root, row.Name), null);
    }

    private static LoadedRecipe Read(TableRow row, TableRunOptions options)
    {
        var variables = options.Recipes.Overrides.Where(ReadOptions.SetsVariable);
        var loaded = RecipeReader.Read(row.RecipeFile, options.Recipes with { Overrides = [.. variables, .. row.Overrides] });
        return loaded with { Recipe = loaded.Recipe with { Name = row.Name, Output = Path.Combine(options.Output, row.Name) } };
    }
}

/// <summary>The folder of a row: a run, and the hash of its inputs, by which a finished row is recognised.</summary>
/// <param name="Root">The folder.</param>
internal sealed record RowFolder(string Root)
{
    private string HashFile => Path.Combine(Root, "row.sha256");

    /// <summary>Returns true when the row is finished and was made from the same inputs.</summary>
    public bool IsFinished(string fingerprint) =>
        File.Exists(new RunFolder(Root).Summary) && File.Exists(HashFile) && File.ReadAllText(HashFile).Trim() == fingerprint;

    /// <summary>Removes the mark of a finished row.</summary>
    public void Begin() => File.Delete(HashFile);

    /// <summary>Marks the row as finished.</summary>
    public void Finish(string fingerprint) => AtomicFile.WriteText(HashFile, fingerprint + "\n");

    /// <summary>A hash of the inputs of a row: the program, the recipe with its changes, the cluster, the rate of a device.</summary>
    /// <exception cref="FileNotFoundException">There is no such cluster file.</exception>
    public static string Fingerprint(TableRow row, LoadedRecipe recipe, string program)
    {
        if (!File.Exists(row.ClusterFile))
            throw new FileNotFoundException($"there is no cluster file '{row.ClusterFile}'", row.ClusterFile);

        var plain = recipe.Recipe with { Name = "row", Output = null };
        var text = FormattableString.Invariant($"{program}\n{row.Workers} {row.FramesPerSecond}\n")
            + RecipeFormat.ToLine(plain) + "\n"
            + File.ReadAllText(row.ClusterFile);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
