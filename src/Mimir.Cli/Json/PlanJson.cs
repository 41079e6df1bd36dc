using System.Text.Json.Nodes;
using Mimir.Lab.Emulation;

namespace Mimir.Cli.Json;

/// <summary>The form of <c>mimir plan --json</c>.</summary>
internal static class PlanJson
{
    /// <summary>The modes with a row for each number of workers.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="recipe">The recipe's name.</param>
    /// <param name="cluster">The cluster's name.</param>
    internal static JsonObject Of(Plan plan, string recipe, string cluster) => new()
    {
        ["recipe"] = recipe,
        ["cluster"] = cluster,
        ["modes"] = JsonOutput.List(plan.Modes, mode => new JsonObject
        {
            ["mode"] = mode.Mode,
            ["rows"] = JsonOutput.List(mode.Rows, Row),
            ["limit"] = mode.Limit is { } limit ? Limit(limit) : null,
        }),
    };

    private static JsonObject Row(PlanRow row) => new()
    {
        ["workers"] = row.Workers,
        ["machines"] = row.Machines,
        ["seconds"] = JsonOutput.Number(row.Seconds),
        ["speed_up"] = JsonOutput.Number(row.SpeedUp),
        ["efficiency"] = JsonOutput.Number(row.Efficiency),
        ["exchange_percent"] = JsonOutput.Number(row.ExchangePercent),
        ["waiting_percent"] = JsonOutput.Number(row.WaitingPercent),
        ["staleness"] = JsonOutput.Number(row.MeanStaleness),
    };

    private static JsonObject Limit(PlanLimit limit) => new()
    {
        ["part"] = limit.Part.ToString().ToLowerInvariant(),
        ["without"] = JsonOutput.Number(limit.Without),
        ["most"] = JsonOutput.Number(limit.Limit),
    };
}
