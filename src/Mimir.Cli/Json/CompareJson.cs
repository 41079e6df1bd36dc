using System.Text.Json.Nodes;
using Mimir.Lab.Comparison;
using Mimir.Train.Reports;

namespace Mimir.Cli.Json;

/// <summary>The form of <c>mimir compare --json</c>.</summary>
internal static class CompareJson
{
    /// <summary>The runs, and the tests of the others against the first.</summary>
    internal static JsonObject Of(RunComparison comparison) => new()
    {
        ["runs"] = JsonOutput.List(comparison.Runs, run => Run(run, comparison.Sets)),
        ["tests"] = JsonOutput.List(comparison.Tests, Test),
        ["draws"] = comparison.Bootstrap.Draws,
        ["seed"] = comparison.Bootstrap.Seed,
        ["notes"] = JsonOutput.List(comparison.Notes),
    };

    private static JsonObject Run(FinishedRun run, IReadOnlyList<string> sets) => new()
    {
        ["folder"] = run.Folder,
        ["name"] = run.Name,
        ["mode"] = run.Mode,
        ["workers"] = run.Workers,
        ["cluster"] = run.Cluster,
        ["frame_accuracy"] = JsonOutput.Number(run.Summary.FrameAccuracy),
        ["cross_entropy"] = JsonOutput.Number(run.Summary.CrossEntropy),
        ["results"] = JsonOutput.List(sets.Select(run.Result).OfType<SetResult>(), result => new JsonObject
        {
            ["set"] = result.Set,
            ["measure"] = result.Measure,
            ["percent"] = JsonOutput.Number(result.Percent),
        }),
        ["epochs"] = run.Epochs.Count,
        ["seconds_of_epoch"] = JsonOutput.Number(run.SecondsOfEpoch),
        ["seconds"] = JsonOutput.Number(run.Seconds),
        ["frames_per_second"] = JsonOutput.Number(run.FramesPerSecond),
        ["waiting_percent"] = JsonOutput.Number(run.WaitingPercent),
        ["staleness"] = JsonOutput.Number(run.Staleness),
    };

    private static JsonObject Test(SetTest test) => new()
    {
        ["set"] = test.Set,
        ["folder"] = test.Run.Folder,
        ["difference"] = JsonOutput.Number(test.Result.Difference),
        ["low"] = JsonOutput.Number(test.Result.Low),
        ["high"] = JsonOutput.Number(test.Result.High),
        ["probability_of_improvement"] = JsonOutput.Number(test.Result.ProbabilityOfImprovement),
        ["significant"] = test.Result.IsSignificant,
    };
}
