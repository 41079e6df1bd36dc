using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Reports;

public sealed class PlainProgressTests
{
    private readonly FakeTime _time = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Format_says_all_that_an_event_knows()
    {
        var line = PlainProgress.Format(new ProgressEvent
        {
            Stage = RunStage.Training,
            Epoch = 3,
            MaxEpochs = 20,
            Set = "train",
            Done = 230400,
            Total = 512000,
            Rate = 3870.4,
            Loss = 1.23456,
            FrameAccuracy = 0.6083,
            LearningRate = 0.008,
            Remaining = TimeSpan.FromSeconds(187),
        });

        Assert.Equal(
            "epoch 3/20 training train 45% 230,400/512,000 frames, 3,870 frames/s, loss 1.2346, "
            + "frame accuracy 60.83%, rate 0.008, 3m07s left",
            line);
    }

    [Fact]
    public void Format_leaves_out_what_is_not_known()
    {
        Assert.Equal("features 12 utterances", PlainProgress.Format(new() { Stage = RunStage.Features, Done = 12, Unit = "utterances" }));
    }

    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(60, "1m00s")]
    [InlineData(7500, "2h05m")]
    [InlineData(97200, "1d03h")]
    public void Duration_has_two_units(double seconds, string expected)
    {
        Assert.Equal(expected, PlainProgress.Duration(TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void Report_prints_the_first_the_last_and_one_every_ten_seconds()
    {
        var progress = new PlainProgress(_lines.Add, _time, TimeSpan.FromSeconds(10));

        for (var done = 1; done <= 25; done++)
        {
            progress.Report(new() { Stage = RunStage.Training, Epoch = 1, Done = done, Total = 25 });
            _time.Advance(1);
        }

        Assert.Equal(["1/25", "11/25", "21/25", "25/25"], _lines.Select(line => line.Split(' ')[^2]));
    }

    [Fact]
    public void Report_prints_every_new_stage_and_every_said_line()
    {
        var progress = new PlainProgress(_lines.Add, _time, TimeSpan.FromSeconds(10));

        progress.Report(new() { Stage = RunStage.Training, Epoch = 1 });
        progress.Report(new() { Stage = RunStage.Validation, Epoch = 1 });
        progress.Report(new() { Stage = RunStage.Validation, Epoch = 1 });
        progress.Say("epoch 1 accepted");
        progress.Report(new() { Stage = RunStage.Training, Epoch = 2 });

        Assert.Equal(["epoch 1 training 0 frames", "epoch 1 validation 0 frames", "epoch 1 accepted", "epoch 2 training 0 frames"], _lines);
    }
}
