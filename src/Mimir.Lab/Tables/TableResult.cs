using Mimir.Lab.Comparison;

namespace Mimir.Lab.Tables;

/// <summary>The outcome of a row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Run">Its run, or null when training did not converge.</param>
/// <param name="Failure">The reason for a missing run, or null.</param>
public sealed record RowOutcome(TableRow Row, FinishedRun? Run, string? Failure);

/// <summary>The rows of one recipe.</summary>
/// <param name="Recipe">The recipe's name in the table.</param>
/// <param name="Rows">Its rows, the one worker first when there is one.</param>
/// <param name="Comparison">The comparison with the first row, or null when no row has a run.</param>
public sealed record TableGroup(string Recipe, IReadOnlyList<RowOutcome> Rows, RunComparison? Comparison)
{
    /// <summary>Gets the run of one worker, which the others are compared with; null when there is none.</summary>
    public FinishedRun? Base => Rows.FirstOrDefault(row => row.Row.Mode == TableRow.Alone)?.Run;

    /// <summary>The speed-up of an epoch against one worker; null when one of the times is not known.</summary>
    public double? SpeedUp(FinishedRun run) =>
        Base?.SecondsOfEpoch is { } alone && run.SecondsOfEpoch is { } together and > 0 ? alone / together : null;
}

/// <summary>The outcome of a table.</summary>
/// <param name="Table">The definition.</param>
/// <param name="Groups">The rows, recipe by recipe.</param>
public sealed record TableResult(TableDefinition Table, IReadOnlyList<TableGroup> Groups)
{
    /// <summary>Gets the sets that every row has decoded.</summary>
    public IReadOnlyList<string> Sets => Groups.Select(group => group.Comparison?.Sets).OfType<IReadOnlyList<string>>()
        .Aggregate((IReadOnlyList<string>?)null, (common, sets) => common is null ? sets : [.. common.Intersect(sets)]) ?? [];

    /// <summary>Compares the rows of each recipe with its one worker.</summary>
    internal static TableResult Of(TableDefinition table, IReadOnlyList<RowOutcome> outcomes) => new(
        table,
        [
            .. outcomes.GroupBy(outcome => outcome.Row.Recipe).Select(group =>
            {
                var runs = group.Select(outcome => outcome.Run).OfType<FinishedRun>().ToList();
                return new TableGroup(group.Key, [.. group], runs.Count > 0 ? RunComparison.Of(runs) : null);
            }),
        ]);
}
