using Mimir.Base;
using Mimir.Decode.Scoring;

namespace Mimir.Lab.Comparison;

/// <summary>Options of a comparison.</summary>
public sealed record CompareOptions
{
    /// <summary>The sets whose error rates are compared; empty for all that every run has decoded.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>The draws of utterances; the interval is that of 95%.</summary>
    public BootstrapOptions Bootstrap { get; init; } = new();
}

/// <summary>Finished runs side by side, with a test of each error rate against the first run's.</summary>
public sealed record RunComparison
{
    /// <summary>The runs; the others are compared with the first.</summary>
    public required IReadOnlyList<FinishedRun> Runs { get; init; }

    /// <summary>The sets that all have decoded.</summary>
    public required IReadOnlyList<string> Sets { get; init; }

    /// <summary>The tests, by set and then by run.</summary>
    public required IReadOnlyList<SetTest> Tests { get; init; }

    /// <summary>The draws of the tests.</summary>
    public required BootstrapOptions Bootstrap { get; init; }

    /// <summary>Remarks on what is not compared, with the reason.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Compares runs.</summary>
    /// <param name="runs">The runs, at least one.</param>
    /// <param name="options">Sets and draws; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    /// <exception cref="InputException">
    /// A run has not decoded a set that was asked for, or the runs have decoded different utterances of a set.
    /// </exception>
    public static RunComparison Of(IReadOnlyList<FinishedRun> runs, CompareOptions? options = null)
    {
        if (runs.Count == 0)
            throw new ArgumentException("expected at least one run to compare", nameof(runs));

        options ??= new();
        var notes = new List<string>();
        IReadOnlyList<string> sets = options.Sets.Count > 0 ? Requested(runs, options.Sets) : Common(runs, notes);
        var tests = sets.SelectMany(set => runs.Skip(1).Select(run => Test(runs[0], run, set, options.Bootstrap)));
        return new() { Runs = runs, Sets = sets, Tests = [.. tests], Bootstrap = options.Bootstrap, Notes = notes };
    }

    /// <summary>The test of a run on a set, or null for the first run.</summary>
    public SetTest? Test(FinishedRun run, string set) => Tests.FirstOrDefault(test => test.Set == set && ReferenceEquals(test.Run, run));

    private static IReadOnlyList<string> Requested(IReadOnlyList<FinishedRun> runs, IReadOnlyList<string> sets)
    {
        foreach (var set in sets)
        {
            if (runs.FirstOrDefault(run => !run.Sets.ContainsKey(set)) is { } without)
            {
                throw new InputException(
                    $"{without.Folder}: the set '{set}' was not decoded; "
                    + (without.Sets.Count > 0 ? $"decoded are {string.Join(", ", without.Sets.Keys)}" : "no set was"));
            }
        }

        return [.. sets.Distinct()];
    }

    private static List<string> Common(IReadOnlyList<FinishedRun> runs, List<string> notes)
    {
        var sets = new List<string>();
        foreach (var set in runs.SelectMany(run => run.Sets.Keys).Distinct())
        {
            var without = runs.Where(run => !run.Sets.ContainsKey(set)).Select(run => run.Name).ToList();
            if (without.Count == 0)
                sets.Add(set);
            else
                notes.Add($"The set {set} is not compared: {string.Join(", ", without)} did not decode it.");
        }

        if (sets.Count == 0)
            notes.Add("No error rates are compared: there is no set that all runs have decoded.");
        return sets;
    }

    private static SetTest Test(FinishedRun first, FinishedRun run, string set, BootstrapOptions options) =>
        new(set, run, PairedErrors.Test(set, (first.Folder, first.Sets[set]), (run.Folder, run.Sets[set]), options));
}

/// <summary>The test of a run against the first one on a set.</summary>
/// <param name="Set">The set.</param>
/// <param name="Run">The run.</param>
/// <param name="Result">The difference of the error rates and its confidence interval.</param>
public sealed record SetTest(string Set, FinishedRun Run, BootstrapResult Result)
{
    /// <summary>Gets the verdict at the 5% level: <c>significant</c> or <c>within noise</c>.</summary>
    public string Verdict => Result.IsSignificant ? "significant" : "within noise";
}
