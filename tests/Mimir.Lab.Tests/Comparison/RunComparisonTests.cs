using Mimir.Base;
using Mimir.Lab.Comparison;

namespace Mimir.Lab.Tests.Comparison;

public sealed class RunComparisonTests : IDisposable
{
    private readonly RunFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void Of_tells_a_difference_from_noise()
    {
        var runs = FinishedRunReader.Read([_folders.Add("base", 0.2), _folders.Add("same", 0.21), _folders.Add("worse", 0.4)]);

        var comparison = RunComparison.Of(runs);

        Assert.Equal(["test"], comparison.Sets);
        Assert.Equal(["within noise", "significant"], comparison.Tests.Select(test => test.Verdict));
        Assert.InRange(comparison.Tests[1].Result.Difference, 15, 25);
        Assert.Null(comparison.Test(runs[0], "test"));
        Assert.Same(comparison.Tests[1], comparison.Test(runs[2], "test"));
    }

    [Fact]
    public void Of_leaves_out_sets_that_not_all_have_decoded_and_says_so()
    {
        var runs = FinishedRunReader.Read(
            [_folders.Add("base", 0.2), _folders.Add("noisy", 0.2, set: "noisy"), _folders.Add("none", 0.2, set: null)]);

        var comparison = RunComparison.Of(runs);

        Assert.Empty(comparison.Tests);
        Assert.Equal(
            [
                "The set test is not compared: noisy, none did not decode it.",
                "The set noisy is not compared: base, none did not decode it.",
                "No error rates are compared: there is no set that all runs have decoded.",
            ],
            comparison.Notes);
    }

    [Fact]
    public void Of_refuses_other_utterances_and_sets_that_are_not_there()
    {
        var runs = FinishedRunReader.Read([_folders.Add("base", 0.2), _folders.Add("few", 0.2, utterances: 50)]);

        var utterances = Assert.Throws<InputException>(() => RunComparison.Of(runs));
        var set = Assert.Throws<InputException>(() => RunComparison.Of(runs, new() { Sets = ["noisy"] }));

        Assert.Contains("got others: u050 and 9 more", utterances.Message, StringComparison.Ordinal);
        Assert.Contains("the set 'noisy' was not decoded; decoded are test", set.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_refuses_other_transcripts()
    {
        var runs = FinishedRunReader.Read([_folders.Add("base", 0.2), _folders.Add("other", 0.2)]);
        var file = Path.Combine(runs[1].Folder, "decode", "test", "per_utt");
        File.WriteAllText(file, File.ReadAllText(file).Replace("u007 #csid ", "u007 #csid 1", StringComparison.Ordinal));

        var error = Assert.Throws<InputException>(() => RunComparison.Of(FinishedRunReader.Read([.. runs.Select(run => run.Folder)])));

        Assert.Contains("got another one of u007", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_shows_runs_tests_and_what_is_missing()
    {
        var runs = FinishedRunReader.Read([_folders.Add("base", 0.2), _folders.Add("worse", 0.4, update: "asgd")]);

        var text = ComparisonText.Render(RunComparison.Of(runs));

        var lines = text.Split('\n');
        Assert.Equal(
            "   run    mode   workers  frame acc. %    loss  CER test %  epochs   epoch  whole time  frames/s  waiting %  staleness",
            lines[0]);
        Assert.Matches(
            @"^2  worse  asgd         2         80.00  1\.1000       \d\d\.\d\d       3  4\.00 s      15\.0 s     2,000 "
                + @"      25\.0       0\.75$",
            lines[2]);
        Assert.Contains("10,000 draws, seed 2004", text, StringComparison.Ordinal);
        Assert.Contains("CER of test against base (60 utterances, 600 characters)", text, StringComparison.Ordinal);
        Assert.Contains("There is no test for frame accuracies", text, StringComparison.Ordinal);
        Assert.DoesNotContain("modelled", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Modelled_times_are_marked()
    {
        var runs = FinishedRunReader.Read([_folders.Add("base", 0.2), _folders.Add("emulated", 0.2, update: "bmuf")]);

        var text = ComparisonText.Render(RunComparison.Of([runs[0], runs[1] with { Cluster = "alibaba", Machines = 2 }]));

        Assert.Contains("  4.00 s      15.0 s     2,000 ", text, StringComparison.Ordinal);
        Assert.Contains(" ~4.00 s     ~15.0 s    ~2,000 ", text, StringComparison.Ordinal);
        Assert.Contains("~ is modelled by the emulator (alibaba), not measured.", text, StringComparison.Ordinal);
    }
}
