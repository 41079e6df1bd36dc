using Mimir.Base;
using Mimir.Decode.Scoring;
using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Reports;

public sealed class RunLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-log").FullName;
    private readonly FakeTime _time = new();

    private string File => Path.Combine(_folder, "log.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_is_one_line_of_json_with_kind_and_time()
    {
        using (var log = RunLog.Open(File, _time))
        {
            log.Write(new EpochStarted { Epoch = 1, LearningRate = 0.008 });
            _time.Advance(1.5);
            log.Write(new SetScored { Set = "测试", Measure = "CER", Percent = 7.5, Reference = 40, Insertions = 1, Deletions = 2 });
        }

        Assert.Equal(
            [
                """{"event":"epoch-start","time":"2026-01-02T03:04:05+00:00","epoch":1,"learning_rate":0.008}""",
                """{"event":"score","time":"2026-01-02T03:04:06.5+00:00","set":"测试","measure":"CER","percent":7.5"""
                + ""","reference":40,"insertions":1,"deletions":2,"substitutions":0}""",
            ],
            System.IO.File.ReadAllLines(File));
    }

    [Fact]
    public void Read_gives_back_every_kind_of_event()
    {
        RunEvent[] events =
        [
            new RunStarted { Name = "toy", Seed = ulong.MaxValue, Versions = new() { Mimir = "0.1" }, Hardware = new() { Cores = 2 } },
            new StageFinished { Stage = RunStage.Features, Set = "cv", Frames = 5, Seconds = 0.25 },
            new UtterancesDropped { Set = "train", Utterances = 10, Dropped = 1 },
            new EpochStarted { Epoch = 1 },
            new StepProgress { Epoch = 1, Step = 7, Loss = double.NaN, FrameAccuracy = 0.5 },
            new CrossValidated { Epoch = 1, Loss = 1.25 },
            new ScheduleDecided { Epoch = 1, RelativeImprovement = double.NegativeInfinity, Halving = true },
            new EpochFinished { Epoch = 1, Frames = 100, Seconds = 2 },
            new CheckpointSaved { Folder = "checkpoints/1-7", Step = 7 },
            new SetDecoded { Set = "test", Frames = 100 },
            new SetScored { Set = "test", Measure = "WER", LmWeight = 9, WordInsertionPenalty = 0.5 },
            new WarningRaised { Message = "low \"disk\"\n" },
            new RunEnded { Status = RunStatus.Failed, Error = "full" },
        ];
        var written = new List<RunEvent>();
        using (var log = RunLog.Open(File, _time))
            written.AddRange(events.Select(log.Write));

        var read = RunLog.Read(File);

        Assert.Equal(Comparable(written), Comparable(read));
        Assert.Equal(50, ((EpochFinished)read[7]).FramesPerSecond);
    }

    [Fact]
    public void Read_gives_back_errors_and_comparisons()
    {
        var utterance = new AlignedErrors("u1", "anna", 1, 2, ["a", "<b>"], ["a", "***"], "CD");
        var compared = new SetCompared("test", "WER", 5, 4, -2, -0.1, 0.98, true);
        using (var log = RunLog.Open(File, _time))
        {
            log.Write(new ErrorsFound { Set = "test", Measure = "WER", Digest = new([utterance], [], [new("<b>", "", 1)]) });
            log.Write(new RunCompared { Folder = "exp/old", Sets = [compared] });
        }

        var read = RunLog.Read(File);

        var digest = Assert.IsType<ErrorsFound>(read[0]).Digest;
        Assert.Equal(("CD", "***"), (digest.Utterances[0].Operations, digest.Utterances[0].Hypothesis[1]));
        Assert.Equal(new Confusion("<b>", "", 1), digest.Confusions[0]);
        Assert.Equal(compared, Assert.Single(Assert.IsType<RunCompared>(read[1]).Sets));
    }

    [Theory]
    [InlineData("{\"event\":\"epoch-start\",\"time\":\"2026-01-02T")]
    [InlineData("{")]
    public void Open_drops_a_torn_last_line_and_goes_on(string torn)
    {
        using (var log = RunLog.Open(File, _time))
            log.Write(new EpochStarted { Epoch = 1 });
        System.IO.File.AppendAllText(File, torn);

        var before = RunLog.Read(File);
        using (var log = RunLog.Open(File, _time))
            log.Write(new EpochStarted { Epoch = 2 });

        Assert.Equal([1], before.Cast<EpochStarted>().Select(started => started.Epoch));
        Assert.Equal([1, 2], RunLog.Read(File).Cast<EpochStarted>().Select(started => started.Epoch));
    }

    [Fact]
    public void Read_works_while_the_log_is_written()
    {
        using var log = RunLog.Open(File, _time);
        log.Write(new EpochStarted { Epoch = 1 });

        Assert.Single(RunLog.Read(File));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{\"event\":\"party\"}")]
    [InlineData("null")]
    public void Read_a_line_that_is_no_event_is_named(string line)
    {
        System.IO.File.WriteAllText(File, $"{{\"event\":\"epoch-start\",\"epoch\":1}}\n{line}\n");

        var message = Assert.Throws<InputException>(() => RunLog.Read(File)).Message;

        Assert.StartsWith($"{File}:2: expected an event", message);
    }

    private static IEnumerable<string> Comparable(IEnumerable<RunEvent> events) =>
        events.Select(happened => System.Text.RegularExpressions.Regex.Replace($"{happened}", @"System\.Collections[^,}]*", ""));
}
