using System.Xml.Linq;
using Mimir.Decode.Scoring;
using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Reports;

public sealed class RunRecorderTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("mimir-run").FullName, "exp", "toy");
    private readonly FakeTime _time = new();

    public void Dispose() => Directory.Delete(Path.Combine(_folder, "..", ".."), recursive: true);

    [Fact]
    public void A_run_that_is_recorded_leaves_every_report()
    {
        using var recorder = new RunRecorder(_folder, "name: toy\n", _time);
        recorder.Write(new RunStarted { Name = "toy" });
        recorder.Write(new StepProgress { Epoch = 1, Step = 10, Loss = 3 });
        recorder.Write(new EpochFinished { Epoch = 1, CvLoss = 2, CvAccuracy = 0.5, Accepted = true });
        recorder.Write(new SetScored { Set = "test", Measure = "CER", Percent = 4 });

        var summary = recorder.Finish(RunStatus.Ok);

        Assert.Equal(RunStatus.Ok, summary.Status);
        Assert.Equal("name: toy\n", File.ReadAllText(Path.Combine(_folder, "recipe.yaml")));
        Assert.Equal(5, File.ReadAllLines(Path.Combine(_folder, "log.jsonl")).Length);
        Assert.Equal(summary.Epochs, RunSummary.Read(Path.Combine(_folder, "summary.json")).Epochs);
        Assert.True(File.Exists(Path.Combine(_folder, "report.html")));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "tensorboard")));
    }

    [Fact]
    public void A_resumed_run_goes_on_in_the_same_log()
    {
        using (var first = new RunRecorder(_folder, "name: toy\n", _time))
            first.Write(new RunStarted { Name = "toy" });

        using var second = new RunRecorder(_folder, "name: toy\n", _time, resumedAt: 10);
        second.Write(new RunStarted { Name = "toy", ResumedFrom = "checkpoints/1-10", ResumedEpoch = 1 });
        var summary = second.Finish(RunStatus.Interrupted);

        Assert.Equal(1, summary.Resumptions);
    }

    [Fact]
    public void Report_is_one_well_formed_page_that_escapes_what_it_shows()
    {
        var summary = RunSummary.From([
            new RunStarted { Name = "<script>alert(1)</script> & {0}", Versions = new() { Mimir = "0.1" } },
            new WarningRaised { Message = "a < b" },
            new EpochFinished { Epoch = 0, CvLoss = 6, CvAccuracy = 0.01, LearningRate = 0.008 },
            new EpochFinished { Epoch = 1, TrainLoss = 3, TrainAccuracy = 0.4, CvLoss = 2.5, CvAccuracy = 0.45, LearningRate = 0.008,
                Accepted = true },
            new EpochFinished { Epoch = 2, TrainLoss = 2, TrainAccuracy = 0.5, CvLoss = double.NaN, CvAccuracy = 0.44,
                LearningRate = 0.004 },
            new SetScored { Set = "测试", Measure = "CER", Percent = 7.25, Reference = 400, Insertions = 1, Deletions = 8,
                Substitutions = 20, LmWeight = 9 },
            new RunEnded { Status = RunStatus.Failed, Error = "disk <full>" },
        ]);

        var page = HtmlReport.Render(summary, "name: '<b>'  # recipe.yaml:1\n");

        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("http", page);
        Assert.Contains("7.25%", page);
        Assert.Equal(3, page.Split("<svg").Length - 1);
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..].Replace("</html>", "");
        Assert.Contains("disk <full>", XElement.Parse(body).Value);
    }

    [Fact]
    public void Report_says_what_changed_what_is_wrong_and_where_time_and_data_went()
    {
        var sheet = ScoreSheet.Score(
            new Dictionary<string, string> { ["u1"] = "a <b> c", ["u2"] = "a d" },
            new Dictionary<string, string> { ["u1"] = "a x", ["u2"] = "a d" },
            new(),
            new Dictionary<string, string> { ["u1"] = "anna", ["u2"] = "anna" });
        var summary = RunSummary.From([
            new RunStarted
            {
                Name = "toy",
                Hardware = new() { Host = "node7" },
                Versions = new() { Commit = "abc123", RecipeCommit = "def456" },
            },
            new StageFinished { Stage = RunStage.Features, Set = "train", Seconds = 75 },
            new UtterancesDropped
            {
                Set = "train",
                Utterances = 9,
                Dropped = 1,
                Reasons = new Dictionary<string, long> { ["without an alignment"] = 1 },
                Examples = new Dictionary<string, string> { ["without an alignment"] = "u7: it has no frames" },
            },
            new SetScored { Set = "test", Measure = "WER", Percent = 40, Reference = 5 },
            new ErrorsFound { Set = "test", Measure = "WER", Digest = ErrorDigest.Of(sheet) },
            new RunCompared { Folder = "exp/toy-1", Sets = [new("test", "WER", 52.5, 40, -20, -1.25, 0.98, true)], Notes = ["cv: others"] },
        ]);

        var page = HtmlReport.Render(summary, "name: toy\n");

        var text = XElement.Parse(page[page.IndexOf("<body>", StringComparison.Ordinal)..].Replace("</html>", "")).Value;
        foreach (var words in (string[])["exp/toy-1", "52.50%", "-12.50", "-20.00 to -1.25", "better beyond chance", "cv: others",
            "u1 (anna): 2 errors, 3 in the reference", "<b> → x ×1", "c deleted ×1", "features of train", "1m15s", "u7: it has no frames",
            "without an alignment", "node7", "abc123", "def456", "swipe it sideways"])
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.Contains("<td class=\"wrong\">&lt;b&gt;</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_of_a_run_without_epochs_says_so()
    {
        var page = HtmlReport.Render(RunSummary.From([new RunStarted { Name = "toy" }]), "name: toy\n");

        Assert.Contains("No epoch is finished yet.", page);
        Assert.Contains("interrupted", page);
    }
}
