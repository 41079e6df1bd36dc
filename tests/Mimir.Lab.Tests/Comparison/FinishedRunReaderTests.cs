using Mimir.Base;
using Mimir.Dist.Costs;
using Mimir.Lab.Comparison;
using Mimir.Lab.Emulation;
using Mimir.Train.Reports;

namespace Mimir.Lab.Tests.Comparison;

public sealed class FinishedRunReaderTests : IDisposable
{
    private readonly RunFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void Read_gives_mode_times_waiting_and_staleness()
    {
        var runs = FinishedRunReader.Read([_folders.Add("one", 0.2), _folders.Add("two", 0.2, update: "asgd")]);

        Assert.Equal(["one", "two"], runs.Select(run => run.Name));
        Assert.Equal(["alone", "asgd"], runs.Select(run => run.Mode));
        Assert.Equal([1, 2], runs.Select(run => run.Workers));
        Assert.All(runs, run => Assert.Equal((15, 4, 2000, false), (run.Seconds, run.SecondsOfEpoch, run.FramesPerSecond, run.IsModelled)));
        Assert.Equal([null, 25], runs.Select(run => run.WaitingPercent));
        Assert.Equal([null, 0.75], runs.Select(run => run.Staleness));
        Assert.Equal(RunFolders.Utterances, runs[0].Sets["test"].Count);
    }

    [Fact]
    public void Read_takes_the_times_of_an_emulated_run_from_its_model()
    {
        var folder = _folders.Add("emulated", 0.2, update: "asgd");
        Times([.. Enumerable.Range(1, 3).Select(epoch => new EpochTime
        {
            Epoch = epoch,
            Seconds = 2,
            ValidationSeconds = 0.5,
            WaitingPercent = 12.5,
            Blocks = 8,
            MeanStaleness = epoch,
        })]).Write(folder);

        var run = Assert.Single(FinishedRunReader.Read([folder]));

        Assert.Equal(("four", "asgd", 8, 4, true), (run.Cluster, run.Mode, run.Workers, run.Machines, run.IsModelled));
        Assert.Equal((8, 2, 4000, 12.5, 2), (run.Seconds, run.SecondsOfEpoch, run.FramesPerSecond, run.WaitingPercent, run.Staleness));
        Times([]).Write(folder);
        Assert.Throws<InputException>(() => FinishedRunReader.Read([folder]));

        static EmulationSummary Times(IReadOnlyList<EpochTime> epochs) => new()
        {
            Cluster = "four",
            Machines = 4,
            Devices = 8,
            Mode = "asgd",
            FramesPerSecond = 1000,
            Epochs = epochs,
            Seconds = 8,
        };
    }

    [Fact]
    public void Read_names_runs_of_the_same_name_by_their_whole_path()
    {
        var folders = new[] { _folders.Add("a/run", 0.2), _folders.Add("b/run", 0.2) };

        var runs = FinishedRunReader.Read(folders);

        Assert.Equal(folders, runs.Select(run => run.Name));
    }

    [Fact]
    public void Read_refuses_what_is_no_finished_run()
    {
        var unfinished = _folders.Add("unfinished", 0.2, RunStatus.Interrupted);

        var error = Assert.Throws<InputException>(() => FinishedRunReader.Read([unfinished]));

        Assert.Contains("summary.json:1: expected a finished run, got one that is interrupted", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => FinishedRunReader.Read([_folders.Root]));
    }
}
