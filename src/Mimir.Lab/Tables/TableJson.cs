using System.Text.Json.Serialization;
using Mimir.Lab.Comparison;

namespace Mimir.Lab.Tables;

/// <summary><c>table.json</c>: the figures of a table for other programs; times in seconds.</summary>
internal sealed record TableJson(string Name, ulong Seed, int Draws, ulong BootstrapSeed, IReadOnlyList<TableRowJson> Rows)
{
    /// <summary>The figures of a table.</summary>
    public static TableJson Of(TableResult result)
    {
        var draws = result.Groups.Select(group => group.Comparison?.Bootstrap).FirstOrDefault(bootstrap => bootstrap is not null) ?? new();
        return new(
            result.Table.Name, result.Table.Seed, draws.Draws, draws.Seed,
            [.. result.Groups.SelectMany(group => group.Rows.Select(row => Row(group, row)))]);
    }

    private static TableRowJson Row(TableGroup group, RowOutcome outcome)
    {
        var (row, run) = (outcome.Row, outcome.Run);
        var speed = run is null ? null : group.SpeedUp(run);
        return new()
        {
            Recipe = row.Recipe,
            Machines = row.Workers.Machines,
            Workers = row.Workers.Workers,
            Mode = row.Mode,
            Failure = outcome.Failure,
            Times = run is null ? null : run.IsModelled ? "modelled" : "measured",
            FrameAccuracy = run?.Summary.FrameAccuracy,
            CrossEntropy = run?.Summary.CrossEntropy,
            Sets = run is null || group.Comparison is not { } comparison
                ? []
                : [.. comparison.Sets.Select(set => Set(group, comparison, run, set))],
            Epochs = run?.Epochs.Count,
            EpochSeconds = run?.SecondsOfEpoch,
            Seconds = run?.Seconds,
            SpeedUp = speed,
            Efficiency = speed / row.Workers.Workers,
            Staleness = run?.Staleness,
            ReportedSpeedUp = row.Reported?.SpeedUp,
        };
    }

    private static TableSetJson Set(TableGroup group, RunComparison comparison, FinishedRun run, string set)
    {
        var (result, test) = (run.Result(set), group.Base is null ? null : comparison.Test(run, set));
        return new(
            set, result?.Measure, result?.Percent, test?.Result.Difference, test?.Result.Low, test?.Result.High,
            test?.Result.ProbabilityOfImprovement, test?.Result.IsSignificant);
    }
}

/// <summary>A row of <c>table.json</c>.</summary>
internal sealed record TableRowJson
{
    public required string Recipe { get; init; }

    public int Machines { get; init; }

    public int Workers { get; init; }

    public required string Mode { get; init; }

    public string? Failure { get; init; }

    public string? Times { get; init; }

    public double? FrameAccuracy { get; init; }

    public double? CrossEntropy { get; init; }

    public IReadOnlyList<TableSetJson> Sets { get; init; } = [];

    public int? Epochs { get; init; }

    public double? EpochSeconds { get; init; }

    public double? Seconds { get; init; }

    public double? SpeedUp { get; init; }

    public double? Efficiency { get; init; }

    public double? Staleness { get; init; }

    public double? ReportedSpeedUp { get; init; }
}

/// <summary>A decoded set in <c>table.json</c>; the test is against the row of one worker.</summary>
internal sealed record TableSetJson(
    string Set, string? Measure, double? Percent, double? Difference, double? Low, double? High, double? ProbabilityOfImprovement,
    bool? Significant);

[JsonSourceGenerationOptions(
    WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TableJson))]
internal sealed partial class TableJsonContext : JsonSerializerContext;
