using System.Text.RegularExpressions;
using Mimir.Base;
using Mimir.Decode.Scoring;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Evaluation;

/// <summary>Finds the run of the night before, and compares a run's error rates with it.</summary>
public static partial class EarlierRun
{
    private const string SummaryName = "summary.json";
    private const string Previous = "previous";

    /// <summary>Keeps what a comparison needs of a finished run that is to be thrown away: <c>previous/</c> in its folder.</summary>
    /// <param name="folder">The run's folder.</param>
    public static void Keep(string folder)
    {
        if (Read(folder) is null)
            return;

        // The summary goes first and comes last: with it all is there.
        var kept = Path.Combine(folder, Previous);
        Directory.CreateDirectory(kept);
        File.Delete(Path.Combine(kept, SummaryName));
        foreach (var old in Scores(kept))
            File.Delete(old);
        foreach (var file in Scores(folder).Append(Path.Combine(folder, SummaryName)))
        {
            var copy = Path.Combine(kept, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy) ?? kept);
            AtomicFile.Write(copy, stream => stream.Write(File.ReadAllBytes(file)));
        }
    }

    /// <summary>Compares a run with an earlier one.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="wanted">The earlier run's folder, or a word of <see cref="DecodeRecipe.CompareWith"/>.</param>
    /// <param name="scores">The run's scores.</param>
    /// <returns>The comparison, or null when there is no earlier run.</returns>
    /// <exception cref="InputException">The folder that is named holds no finished run.</exception>
    public static RunCompared? Compare(string folder, string wanted, IReadOnlyList<SetScore> scores)
    {
        if (wanted == DecodeRecipe.CompareWithNothing)
            return null;

        var earlier = wanted == DecodeRecipe.CompareWithFound ? Find(folder) : wanted;
        if (earlier is null)
            return null;

        var summary = Read(earlier) ?? throw new InputException(
            $"decode.compare-with: there is no finished run in {earlier}, so this one is compared with nothing.");
        var (sets, notes) = (new List<SetCompared>(), new List<string>());
        foreach (var score in scores.Where(score => score.Digest is not null))
        {
            try
            {
                if (Test(folder, earlier, summary, score) is { } test)
                    sets.Add(test);
            }
            catch (Exception error) when (error is InputException or IOException)
            {
                notes.Add(error.Message);
            }
        }

        return new()
        {
            Folder = earlier,
            Ended = summary.Ended,
            FrameAccuracy = summary.FrameAccuracy,
            FramesPerSecond = summary.FramesPerSecond,
            Seconds = summary.Seconds,
            Sets = sets,
            Notes = notes,
        };
    }

    private static SetCompared? Test(string folder, string earlier, RunSummary summary, SetScore score)
    {
        if (summary.Results.FirstOrDefault(result => (result.Set, result.Measure) == (score.Set, score.Measure)) is not { } before)
            return null;

        var test = PairedErrors.Test(
            score.Set,
            (earlier, UtteranceErrors.Read(FileOf(earlier, score.Set))),
            (folder, UtteranceErrors.Read(FileOf(folder, score.Set))));
        return new(
            score.Set, score.Measure, before.Percent, score.Counts.Percent, test.Low, test.High, test.ProbabilityOfImprovement,
            test.IsSignificant);
    }

    // What --restart replaced, else the newest finished run beside this one whose name differs in a date or number at its end alone.
    private static string? Find(string folder)
    {
        var kept = Path.Combine(folder, Previous);
        if (Read(kept) is not null)
            return kept;

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Path.GetDirectoryName(full) is not { } parent || !Directory.Exists(parent))
            return null;

        var stem = Stem(full);
        return Directory.EnumerateDirectories(parent)
            .Where(other => other != full && Stem(other) == stem)
            .Select(other => (Folder: other, Summary: Read(other)))
            .Where(other => other.Summary is not null)
            .OrderByDescending(other => other.Summary?.Ended)
            .Select(other => Path.GetRelativePath(".", other.Folder))
            .FirstOrDefault();
    }

    private static string Stem(string folder) => Night().Replace(Path.GetFileName(folder), "");

    private static RunSummary? Read(string folder)
    {
        try
        {
            var file = Path.Combine(folder, SummaryName);
            return File.Exists(file) && RunSummary.Read(file) is { Status: RunStatus.Ok } summary ? summary : null;
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Scores(string folder)
    {
        var decoded = Path.Combine(folder, "decode");
        return Directory.Exists(decoded)
            ? Directory.EnumerateDirectories(decoded).Select(set => Path.Combine(set, "per_utt")).Where(File.Exists)
            : [];
    }

    private static string FileOf(string folder, string set) => Path.Combine(folder, "decode", set, "per_utt");

    // -2026-11-30, _20261130T0300, -7
    [GeneratedRegex(@"[-_.]\d[\d\-_.:TZ]*$")]
    private static partial Regex Night();
}
