using Mimir.Base;
using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Reports;

public sealed class RunSummaryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-summary").FullName;
    private DateTimeOffset _now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void From_a_whole_run_has_the_best_epoch_and_the_results()
    {
        RunEvent[] events =
        [
            At(0, new RunStarted { Name = "toy", Seed = 3, Parameters = 12 }),
            At(1, new UtterancesDropped { Set = "train", Dropped = 2 }),
            At(1, new WarningRaised { Message = "a" }),
            At(1, new WarningRaised { Message = "a" }),
            At(10, Epoch(0, 6, 0.01, accepted: true)),
            At(10, Epoch(1, 2, 0.5, accepted: true)),
            At(10, Epoch(2, 3, 0.4, accepted: false)),
            At(5, Score("test", "CER", 4.5)),
            At(5, Score("test", "SER", 3)),
            At(1, new RunEnded { Status = RunStatus.Ok }),
        ];

        var summary = RunSummary.From(events);

        Assert.Equal(RunStatus.Ok, summary.Status);
        Assert.Equal((1, 0.5, 2), (summary.BestEpoch, summary.FrameAccuracy, summary.CrossEntropy));
        Assert.Equal([0, 1, 2], summary.Epochs.Select(epoch => epoch.Epoch));
        Assert.Null(summary.Epochs[0].TrainLoss);
        Assert.Equal(["test CER 4.5", "test SER 3"], summary.Results.Select(result => $"{result.Set} {result.Measure} {result.Percent}"));
        Assert.Equal(200, summary.FramesPerSecond);
        Assert.Equal(44, summary.Seconds);
        Assert.Equal(2, summary.Dropped["train"]);
        Assert.Equal(["a"], summary.Warnings);
    }

    [Fact]
    public void From_a_run_says_where_time_and_utterances_went()
    {
        RunEvent[] events =
        [
            At(0, new RunStarted { Name = "toy" }),
            At(3, new StageFinished { Stage = RunStage.Features, Set = "train", Seconds = 3 }),
            At(1, new UtterancesDropped
            {
                Set = "train",
                Utterances = 9,
                Dropped = 2,
                Reasons = new Dictionary<string, long> { ["shorter than a frame"] = 2 },
            }),
            At(6, Epoch(1, 2, 0.5, accepted: true)),
            At(2, new CrossValidated { Epoch = 1, Seconds = 1.5 }),
            At(0, new RunStarted { Name = "toy", ResumedFrom = "checkpoints/1-9", ResumedEpoch = 1 }),
            At(6, Epoch(1, 2, 0.5, accepted: true)),
            At(5, new SetDecoded { Set = "test", Seconds = 4 }),
        ];

        var summary = RunSummary.From(events);

        Assert.Equal(["features of train", "training", "cross-validation", "decoding of test"], summary.StageSeconds.Keys);
        Assert.Equal(2 * summary.Epochs[0].Seconds, summary.StageSeconds["training"]);
        Assert.Equal(2, Assert.Single(summary.Drops).Reasons["shorter than a frame"]);
    }

    [Fact]
    public void From_a_resumed_run_counts_repeated_epochs_once_and_leaves_out_the_pause()
    {
        RunEvent[] events =
        [
            At(0, new RunStarted { Name = "toy" }),
            At(10, Epoch(1, 2, 0.5, accepted: true)),
            At(10, Epoch(2, 1, 0.6, accepted: true)),
            At(1000, new RunStarted { Name = "toy", ResumedFrom = "checkpoints/2-9", ResumedEpoch = 2 }),
            At(10, Epoch(2, 1.5, 0.55, accepted: true)),
        ];

        var summary = RunSummary.From(events);

        Assert.Equal(RunStatus.Interrupted, summary.Status);
        Assert.Equal(1, summary.Resumptions);
        Assert.Equal(30, summary.Seconds);
        Assert.Equal([0.5, 0.55], summary.Epochs.Select(epoch => epoch.CvAccuracy));
        Assert.Equal(0.55, summary.FrameAccuracy);
    }

    [Fact]
    public void From_nothing_is_an_interrupted_run()
    {
        var summary = RunSummary.From([]);

        Assert.Equal(RunStatus.Interrupted, summary.Status);
        Assert.Null(summary.FrameAccuracy);
    }

    [Fact]
    public void Write_reads_back()
    {
        var path = Path.Combine(_folder, "summary.json");
        var summary = RunSummary.From([
            At(0, new RunStarted { Name = "toy" }), At(1, Epoch(1, double.NaN, 0, accepted: false)), At(0, Score("dev", "CER", 4)),
            At(1, new RunEnded { Status = RunStatus.Failed, Error = "diverged" }),
        ]);

        summary.Write(path);

        var text = File.ReadAllText(path);
        Assert.Contains("\"status\": \"failed\"", text);
        Assert.Contains("\"cv_loss\": \"NaN\"", text);
        var again = RunSummary.Read(path);
        Assert.Equal(summary.Epochs, again.Epochs);
        Assert.Equal(summary.Results, again.Results);
        Assert.Equal(summary.Error, again.Error);
        Assert.Equal(summary.Ended, again.Ended);
    }

    [Fact]
    public void Read_a_file_that_is_no_summary_is_named()
    {
        var path = Path.Combine(_folder, "summary.json");
        File.WriteAllText(path, "{\n\"epochs\": 3}");

        var message = Assert.Throws<InputException>(() => RunSummary.Read(path)).Message;

        Assert.StartsWith($"{path}:2: expected a run's summary", message);
    }

    private static EpochFinished Epoch(int epoch, double loss, double accuracy, bool accepted) => new()
    {
        Epoch = epoch,
        LearningRate = 0.008,
        TrainLoss = loss,
        TrainAccuracy = accuracy,
        CvLoss = loss,
        CvAccuracy = accuracy,
        Accepted = accepted,
        Frames = epoch == 0 ? 0 : 1000,
        Seconds = epoch == 0 ? 0 : 5,
    };

    private static SetScored Score(string set, string measure, double percent) => new() { Set = set, Measure = measure, Percent = percent };

    private RunEvent At(double later, RunEvent happened)
    {
        _now += TimeSpan.FromSeconds(later);
        return happened with { Time = _now };
    }
}
