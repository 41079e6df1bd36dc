using Mimir.Base;
using Mimir.Decode.Scoring;
using Mimir.Train.Evaluation;
using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Evaluation;

public sealed class EarlierRunTests : IDisposable
{
    private const int Utterances = 40;
    private readonly string _root = Directory.CreateTempSubdirectory("mimir-earlier-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Compare_finds_the_newest_finished_run_of_the_same_name_and_tests_it()
    {
        Add("dnn-2026-11-27", wrong: 9, ended: 1);
        Add("dnn-2026-11-28", wrong: 20, ended: 2);
        Add("dnn-2026-11-29", wrong: 1, ended: 3, RunStatus.Failed);
        Add("blstm-2026-11-29", wrong: 1, ended: 4);
        var score = Add("dnn-2026-11-30", wrong: 2, ended: 5);

        var compared = EarlierRun.Compare(At("dnn-2026-11-30"), "auto", [score]);

        Assert.EndsWith("dnn-2026-11-28", compared?.Folder, StringComparison.Ordinal);
        var set = Assert.Single(compared?.Sets ?? []);
        Assert.Equal((50, 5, true), (set.Before, set.Now, set.IsSignificant));
        Assert.Equal("better beyond chance", set.Verdict);
        Assert.True(set.High < 0 && set.ProbabilityOfImprovement > 0.99);
    }

    [Fact]
    public void Compare_takes_the_run_that_is_named_or_none()
    {
        Add("other", wrong: 2, ended: 1);
        var score = Add("dnn", wrong: 2, ended: 5);

        Assert.Equal("within chance", Assert.Single(EarlierRun.Compare(At("dnn"), At("other"), [score])?.Sets ?? []).Verdict);
        Assert.Null(EarlierRun.Compare(At("dnn"), "auto", [score]));
        Assert.Null(EarlierRun.Compare(At("dnn"), "none", [score]));
        var error = Assert.Throws<InputException>(() => EarlierRun.Compare(At("dnn"), At("gone"), [score]));
        Assert.Contains("no finished run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_of_other_utterances_says_so_and_tests_nothing()
    {
        Add("dnn-1", wrong: 2, ended: 1, utterances: Utterances - 1);
        var score = Add("dnn-2", wrong: 2, ended: 5);

        var compared = EarlierRun.Compare(At("dnn-2"), "auto", [score]);

        Assert.Empty(compared?.Sets ?? []);
        Assert.Contains("u39", Assert.Single(compared?.Notes ?? []), StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_holds_the_scores_of_a_finished_run_for_the_one_that_replaces_it()
    {
        Add("dnn", wrong: 4, ended: 1);
        EarlierRun.Keep(At("dnn"));
        Add("dnn", wrong: 20, ended: 2, RunStatus.Failed);
        EarlierRun.Keep(At("dnn"));
        var score = Add("dnn", wrong: 4, ended: 3);

        var compared = EarlierRun.Compare(At("dnn"), "auto", [score]);

        Assert.Equal((10, 10), (compared?.Sets[0].Before, compared?.Sets[0].Now));
        Assert.Equal(At("dnn/previous"), compared?.Folder);
    }

    [Fact]
    public void Keep_replaces_its_own_files_and_no_others()
    {
        Add("dnn", wrong: 4, ended: 1);
        EarlierRun.Keep(At("dnn"));
        File.WriteAllText(At("dnn/previous/decode/mine"), "mine");
        var score = Add("dnn", wrong: 8, ended: 2);
        EarlierRun.Keep(At("dnn"));

        Assert.Equal("mine", File.ReadAllText(At("dnn/previous/decode/mine")));
        Assert.Equal(20, EarlierRun.Compare(At("dnn"), "auto", [score])?.Sets[0].Before);
    }

    private string At(string path) => Path.Combine(_root, path);

    // One word an utterance; the first so many are wrong.
    private SetScore Add(string name, int wrong, int ended, RunStatus status = RunStatus.Ok, int utterances = Utterances)
    {
        var references = Enumerable.Range(0, utterances).ToDictionary(index => $"u{index}", _ => "a");
        var hypotheses = Enumerable.Range(0, utterances).ToDictionary(index => $"u{index}", index => index < wrong ? "b" : "a");
        var sheet = ScoreSheet.Score(references, hypotheses, new());
        Directory.CreateDirectory(At($"{name}/decode/test"));
        File.WriteAllText(At($"{name}/decode/test/per_utt"), ScoreReport.PerUtterance(sheet));
        new RunSummary
        {
            Name = name,
            Status = status,
            Ended = new(2026, 11, ended, 3, 0, 0, TimeSpan.Zero),
            Results = [new("test", "WER", sheet.Total.Percent, sheet.Total.Reference, 0, 0, wrong, 10, 0, "cv")],
        }.Write(At($"{name}/summary.json"));
        return new("test", "WER", sheet.Total, 10, 0, "cv") { Digest = ErrorDigest.Of(sheet) };
    }
}
