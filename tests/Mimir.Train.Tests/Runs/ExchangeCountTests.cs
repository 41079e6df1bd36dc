using Mimir.Dist.Updates;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

public sealed class ExchangeCountTests
{
    [Fact]
    public void Epoch_gives_what_came_since_the_one_before()
    {
        var count = new ExchangeCount();
        count.Epoch(1, 2, Statistics(10, 1000, waiting: 1, [4, 1]), TimeSpan.FromSeconds(10));

        var second = count.Epoch(2, 2, Statistics(25, 3000, waiting: 1.5, [9, 1, 2]), TimeSpan.FromSeconds(5));

        Assert.Equal((2, 2, 15, 2000), (second.Epoch, second.Workers, second.Steps, second.Bytes));
        Assert.Equal((0.5, 10.0, 1.0), (second.WaitingSeconds, second.WaitingPercent, second.ExchangeSeconds));
        Assert.Equal([5, 0, 2], second.Staleness);
        Assert.Null(second.InputStallPercent);
    }

    [Fact]
    public void Epoch_begins_anew_when_the_mode_was_made_anew()
    {
        var count = new ExchangeCount();
        count.Epoch(1, 2, Statistics(10, 1000, waiting: 1, []), TimeSpan.FromSeconds(10));

        var second = count.Epoch(2, 2, Statistics(3, 300, waiting: 1, []), TimeSpan.Zero);

        Assert.Equal((3, 300, 0.0), (second.Steps, second.Bytes, second.WaitingPercent));
        Assert.Null(second.Staleness);
    }

    [Fact]
    public void The_summary_and_the_page_show_who_waited_and_what_was_tuned()
    {
        var exchanged = new ExchangeCount().Epoch(1, 2, Statistics(10, 2_500_000, waiting: 1, []), TimeSpan.FromSeconds(10));
        var tuned = new RunTuned { Epoch = 1, EpochStep = 4, Step = 4, Changes = [new("rate", "0.008", "0.004")] };
        RunEvent[] events =
        [
            new RunStarted { Name = "toy" },
            tuned,
            tuned with { Step = 9, EpochStep = 9 },
            new RunStarted { Name = "toy", ResumedFrom = "1-3", ResumedEpoch = 1, ResumedStep = 3 },
            exchanged with { InputStallPercent = 0.5 },
            new EpochFinished { Epoch = 1, CvLoss = 1 },
            new EpochFinished { Epoch = 2, CvLoss = 1 },
        ];

        var summary = RunSummary.From(events);
        var page = HtmlReport.Render(summary, "name: toy");

        Assert.Equal((10, 0.5, 2_500_000),
            (summary.Epochs[0].WaitingPercent, summary.Epochs[0].InputStallPercent, summary.Epochs[0].ExchangedBytes));
        Assert.Null(summary.Epochs[1].WaitingPercent);
        Assert.Equal(["rate 0.008 -> 0.004 from epoch 1, step 4 on"], summary.Tuned);
        Assert.Contains("<th>waited %</th><th>exchanged MB</th><th>input stall %</th>", page, StringComparison.Ordinal);
        Assert.Contains("<td>10.0</td><td>2.5</td><td>0.5</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("waited %",
            HtmlReport.Render(RunSummary.From([new RunStarted { Name = "toy" }, new EpochFinished { Epoch = 1 }]), ""));
    }

    private static UpdateStatistics Statistics(long steps, long bytes, double waiting, long[] staleness) => new()
    {
        Steps = steps,
        Bytes = bytes,
        Waiting = TimeSpan.FromSeconds(waiting),
        Exchanging = TimeSpan.FromSeconds(2 * waiting),
        Staleness = staleness,
    };
}
