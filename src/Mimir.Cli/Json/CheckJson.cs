using System.Text.Json.Nodes;
using Mimir.Config;

namespace Mimir.Cli.Json;

/// <summary>The form of <c>mimir recipe check --json</c>.</summary>
internal static class CheckJson
{
    /// <summary>The problems of a recipe.</summary>
    /// <param name="recipe">The file.</param>
    /// <param name="findings">What prevents a run.</param>
    /// <param name="warnings">What does not.</param>
    internal static JsonObject Of(string recipe, IReadOnlyList<Finding> findings, IReadOnlyList<string> warnings) => new()
    {
        ["recipe"] = recipe,
        ["ok"] = findings.Count == 0,
        ["findings"] = JsonOutput.List(findings, finding => new JsonObject
        {
            ["key"] = finding.Path,
            ["place"] = finding.Origin.Place,
            ["message"] = finding.Message,
        }),
        ["warnings"] = JsonOutput.List(warnings),
    };
}
