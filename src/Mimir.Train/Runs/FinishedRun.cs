using Mimir.Base;
using Mimir.Decode.Scoring;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>A run that is over: a job that is queued once more finds its results, and trains nothing.</summary>
internal static class FinishedRun
{
    private const int Named = 8;

    /// <summary>The result of the finished run in a folder; null when none is there.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="InputException">The finished run is of another recipe; the message names the keys that differ.</exception>
    public static RunResult? Find(LoadedRecipe loaded, RunFolder folder)
    {
        if (!File.Exists(folder.Summary) || RunSummary.Read(folder.Summary) is not { Status: RunStatus.Ok } summary)
            return null;

        if (Difference(loaded.Recipe, folder) is { } difference)
            throw Refusal(folder, "a finished run", difference);

        var epochs = new TrainedModel(folder.Model).History();
        return new(RunStatus.Ok, folder, epochs, summary.BestEpoch ?? 0, [.. summary.Results.Select(Score)])
        {
            WasFinished = true,
            Average = summary.Average,
        };
    }

    /// <summary>The error that a run of another recipe is in a folder.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="what">The run: <c>an unfinished run</c>.</param>
    /// <param name="difference">The keys that differ; empty where they are not known.</param>
    public static InputException Refusal(RunFolder folder, string what, string difference) => new(
        $"{folder.Root}: {what} of another recipe is here{(difference.Length > 0 ? $" ({difference})" : "")}. Use --restart to throw it "
        + "away, or give the recipe another name (--set name=...).");

    /// <summary>The keys that decide the model and differ from those of the run in a folder; null for none, empty when unknown.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">The run's folder.</param>
    public static string? Difference(Recipe recipe, RunFolder folder)
    {
        if (!File.Exists(folder.RecipeFile))
            return "";

        var there = RecipeReader.TryRead(folder.RecipeFile, new() { Environment = _ => null }, out var problems).Recipe;
        if (problems.Count > 0)
            return "";

        var (before, now) = (RecipeFingerprint.ValuesOf(there), RecipeFingerprint.ValuesOf(recipe));
        var keys = before.Keys.Union(now.Keys).Where(key => before.GetValueOrDefault(key) != now.GetValueOrDefault(key)).ToList();
        if (keys.Count == 0)
            return null;

        var more = keys.Count > Named ? $", and {keys.Count - Named} more" : "";
        return string.Join(", ", keys.Take(Named).Select(key => $"{key} is {Words(before, key)} there and {Words(now, key)} here")) + more;
    }

    private static string Words(IReadOnlyDictionary<string, string> values, string key) => values.GetValueOrDefault(key) ?? "not given";

    private static SetScore Score(SetResult result) => new(
        result.Set, result.Measure,
        new ErrorCounts(result.Reference, result.Insertions, result.Deletions, result.Substitutions),
        (int)(result.LmWeight ?? 0), (float)(result.WordInsertionPenalty ?? 0), result.TunedOn);
}
