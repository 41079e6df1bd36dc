using Mimir.Train.Comparison;
using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Comparison;

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

        var error = Assert.Throws<FormatException>(() => FinishedRunReader.Read([unfinished]));

        Assert.Contains("summary.json:1: expected a finished run, got one that is interrupted", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => FinishedRunReader.Read([_folders.Root]));
    }
}
