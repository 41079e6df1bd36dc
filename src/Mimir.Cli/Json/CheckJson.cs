using System.Text.Json.Nodes;
using Mimir.Cli.Commands;

namespace Mimir.Cli.Json;

/// <summary>The forms of <c>mimir recipe check --json</c> and <c>mimir doctor --json</c>.</summary>
internal static class CheckJson
{
    /// <summary>The problems of a recipe.</summary>
    /// <param name="recipe">The file.</param>
    /// <param name="findings">What prevents a run.</param>
    /// <param name="warnings">What does not.</param>
    internal static JsonObject Of(string recipe, IReadOnlyList<Config.Finding> findings, IReadOnlyList<string> warnings) => new()
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

    /// <summary>What a machine has.</summary>
    internal static JsonObject Of(IReadOnlyList<Finding> findings) => new()
    {
        ["ready"] = findings.All(finding => finding.Found || !finding.Required),
        ["findings"] = JsonOutput.List(findings, finding => new JsonObject
        {
            ["name"] = finding.Name,
            ["found"] = finding.Found,
            ["required"] = finding.Required,
            ["detail"] = finding.Detail,
            ["gives"] = finding.Gives,
        }),
    };
}
