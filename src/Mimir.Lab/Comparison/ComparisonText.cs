using System.Globalization;
using System.Text;
using Mimir.Decode.Scoring;

namespace Mimir.Lab.Comparison;

/// <summary>Writes a comparison as text for the terminal.</summary>
public static class ComparisonText
{
    /// <summary>The runs side by side, then a table of tests for each set.</summary>
    public static string Render(RunComparison comparison)
    {
        var runs = new TextTable(ComparisonTable.RunHeads(comparison), ComparisonTable.Runs(comparison), words: 3);
        var text = new StringBuilder(runs.Plain());
        if (comparison.Tests.Count > 0)
            text.Append('\n').Append(ComparisonTable.Method(comparison.Bootstrap)).Append('\n');
        foreach (var set in comparison.Sets.Where(_ => comparison.Tests.Count > 0))
        {
            text.Append('\n').Append(ComparisonTable.TestTitle(comparison, set)).Append('\n');
            text.Append(new TextTable(ComparisonTable.TestHeads, ComparisonTable.Tests(comparison, set), words: 3).Plain());
        }

        text.Append('\n');
        foreach (var note in ComparisonTable.Notes(comparison))
            text.Append(note).Append('\n');
        return text.ToString();
    }
}

/// <summary>A comparison as table cells, for the terminal and for pages.</summary>
internal static class ComparisonTable
{
    /// <summary>The note on the missing test of frame accuracies.</summary>
    public const string NoFrameTest =
        "There is no test for frame accuracies: a run keeps their sums, not the counts of each utterance.";

    /// <summary>The heads of <see cref="Runs"/>.</summary>
    public static IReadOnlyList<string> RunHeads(RunComparison comparison) =>
    [
        "", "run", "mode", "workers", "frame acc. %", "loss", .. comparison.Sets.Select(set => $"{Measure(comparison, set)} {set} %"),
        "epochs", "epoch", "whole time", "frames/s", "waiting %", "staleness",
    ];

    /// <summary>The runs, one a row.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Runs(RunComparison comparison) =>
    [
        .. comparison.Runs.Select((run, index) => (IReadOnlyList<string>)
        [
            Number(index), run.Name, run.Mode, Workers(run),
            Figures.Share(run.Summary.FrameAccuracy), Figures.Number(run.Summary.CrossEntropy, "F4"),
            .. comparison.Sets.Select(set => Figures.Number(run.Result(set)?.Percent, "F2")),
            run.Epochs.Count.ToString(CultureInfo.InvariantCulture),
            Figures.Time(run.SecondsOfEpoch, run.IsModelled), Figures.Time(run.Seconds, run.IsModelled),
            Figures.OfTime(run.FramesPerSecond, "N0", run.IsModelled), Figures.OfTime(run.WaitingPercent, "F1", run.IsModelled),
            Figures.Number(run.Staleness, "F2"),
        ]),
    ];

    /// <summary>The heads of <see cref="Tests"/>.</summary>
    public static IReadOnlyList<string> TestHeads => ["", "run", "verdict", "difference", "95% from", "to", "improved in"];

    /// <summary>The tests of a set, one run a row.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Tests(RunComparison comparison, string set) =>
    [
        .. comparison.Tests.Where(test => test.Set == set).Select(test => (IReadOnlyList<string>)
        [
            Number(comparison.Runs.ToList().IndexOf(test.Run)), test.Run.Name, test.Verdict, Figures.Signed(test.Result.Difference),
            Figures.Signed(test.Result.Low), Figures.Signed(test.Result.High),
            $"{Figures.Number(100 * test.Result.ProbabilityOfImprovement, "F1")}%",
        ]),
    ];

    /// <summary>The title of the tests of a set.</summary>
    public static string TestTitle(RunComparison comparison, string set)
    {
        var first = comparison.Runs[0].Sets[set];
        var tokens = first.Sum(utterance => utterance.Value.Reference);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Measure(comparison, set)} of {set} against {comparison.Runs[0].Name} ({first.Count:N0} utterances, {tokens:N0} ")
            + $"{Unit(comparison, set)})";
    }

    /// <summary>The method of the tests, in words.</summary>
    public static string Method(BootstrapOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"Paired bootstrap over utterances, {options.Draws:N0} draws, seed {options.Seed}. A difference is significant at 5% when the 95% "
        + $"interval leaves out 0; 'improved in' is the share of draws with fewer errors than the first run.");

    /// <summary>Remarks: the meaning of the marks, and missing parts.</summary>
    public static IEnumerable<string> Notes(RunComparison comparison)
    {
        if (comparison.Runs.Any(run => run.IsModelled))
        {
            var clusters = comparison.Runs.Select(run => run.Cluster).OfType<string>().Distinct();
            yield return $"{Figures.Modelled} is modelled by the emulator ({string.Join(", ", clusters)}), not measured.";
        }

        yield return NoFrameTest;
        foreach (var note in comparison.Notes)
            yield return note;
    }

    /// <summary>A run's number among the others.</summary>
    public static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>The measure of a set: CER or WER.</summary>
    public static string Measure(RunComparison comparison, string set) => comparison.Runs[0].Result(set)?.Measure ?? "WER";

    private static string Unit(RunComparison comparison, string set) => Measure(comparison, set) == "CER" ? "characters" : "words";

    private static string Workers(FinishedRun run) => run.Machines is > 1 and var machines && run.Workers % machines == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{machines}x{run.Workers / machines}")
        : run.Workers.ToString(CultureInfo.InvariantCulture);
}
