using System.Diagnostics;
using System.Globalization;
using Mimir.Cli.Tests.Support;
using Mimir.Dist.Data.Ledgers;
using Mimir.Dist.Launch;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests.Distribution;

/// <summary>Workers, each a process, of which one is killed in the middle of an epoch.</summary>
public sealed class LostWorkersTests : IDisposable
{
    private const int Workers = 3;
    private const string Utterances = "train.batch={unit: utterances, frames: 60}";
    private TinyCorpus _corpus = new();
    private readonly List<Process> _processes = [];
    private int _port;

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        _corpus.Dispose();
    }

    [Theory]
    [InlineData("{ma: {period-frames: 100}}", "train.batch={frames: 32, shuffle-window: 300}")]
    [InlineData("{bmuf: {period-frames: 100}}", "train.batch={frames: 32, shuffle-window: 300}")]
    [InlineData("{bmuf: {period-frames: 100}}", "train.batch={unit: utterances, frames: 60}")]
    [InlineData("{asgd: {}}", "train.batch={frames: 32, shuffle-window: 300}")]
    public async Task The_others_go_on_and_no_frame_is_lost_or_doubled(string update, string batch)
    {
        Start(update, batch);
        await Within(4);
        Kill(1);

        var first = await MimirProcess.EndOfAsync(_processes[0]);
        var third = await MimirProcess.EndOfAsync(_processes[2]);

        first.Succeeded();
        third.Succeeded();
        Assert.Contains("worker 1 is lost", first.Errors + first.Output, StringComparison.Ordinal);
        Assert.Equal(60, RunSummary.Read(_corpus.At("exp/summary.json")).Epochs[^1].Epoch);
        var audit = LedgerAudit.Run(_corpus.At("exp"), LedgerPromise.Of(_corpus.At("exp")));
        Assert.True(audit.Sound, audit.ToText(5));
        Assert.Equal(60, audit.Epochs.Count(epoch => epoch.Ended));
        Assert.DoesNotContain(1, audit.Epochs[^1].ByRank.Keys);
    }

    [Fact]
    public async Task Synchronous_workers_save_the_step_before_and_another_number_goes_on_from_there()
    {
        // Nearly all the time of an epoch is training, so that the kill falls on a step and not between two epochs.
        const int Epochs = 12;
        const string Batch = "train.batch={frames: 2, shuffle-window: 300}";
        _corpus.Dispose();
        _corpus = new TinyCorpus(trainUtterances: 240, cvUtterances: 1);
        Start("{sync: {}}", Batch, Epochs);
        await Within(4);
        Kill(1);

        var first = await MimirProcess.EndOfAsync(_processes[0]);

        Assert.Equal(1, first.ExitCode);
        Assert.Contains("worker 1", first.Errors, StringComparison.Ordinal);
        var checkpoint = Path.GetFileName(Directory.GetDirectories(_corpus.At("exp/checkpoints")).Order().Last());
        Assert.False(checkpoint.EndsWith("-000000", StringComparison.Ordinal), checkpoint);

        var again = await MimirProcess.RunAsync(
            _corpus.Folder, ["launch", "--workers", "2", "--", .. Train("{sync: {}}", Batch, Epochs)]);

        again.Succeeded();
        var audit = LedgerAudit.Run(_corpus.At("exp"), LedgerPromise.Of(_corpus.At("exp")));
        Assert.True(audit.Sound, audit.ToText(5));
        Assert.Equal(Epochs, audit.Epochs.Count(epoch => epoch.Ended));
    }

    [Theory]
    [InlineData("{ma: {period-frames: 100}}")]
    [InlineData("{bmuf: {period-frames: 100}}")]
    [InlineData("{asgd: {}}")]
    public async Task A_worker_that_is_started_again_takes_part_again(string update)
    {
        // More epochs than ever end, however long a program takes to start: the job is stopped when the worker is back.
        const int Endless = 100_000;
        Start(update, Utterances, Endless);
        await Within(4);
        Kill(1);
        using var again = StartWorker(1, update, Utterances, Endless, rejoins: true);
        while (!TakesPartAgain() && !_processes[0].HasExited)
            await Task.Delay(20);

        await MimirProcess.TerminateAsync(_processes[0]);
        var first = await MimirProcess.EndOfAsync(_processes[0]);
        var second = await MimirProcess.EndOfAsync(again);

        Assert.Equal((130, 130), (first.ExitCode, second.ExitCode));
        Assert.Contains("worker 1 takes part from now on", first.Errors + first.Output, StringComparison.Ordinal);
        var audit = LedgerAudit.Run(_corpus.At("exp"), LedgerPromise.Of(_corpus.At("exp")));
        Assert.True(audit.Sound, audit.ToText(5));
    }

    [Fact]
    public async Task A_worker_that_comes_back_when_the_job_is_over_has_nothing_to_do()
    {
        const string Update = "{bmuf: {period-frames: 100}}";
        Start(Update, Utterances, epochs: 6);
        await Within(1);
        Kill(1);
        (await MimirProcess.EndOfAsync(_processes[0])).Succeeded();

        using var again = StartWorker(1, Update, Utterances, epochs: 6, rejoins: true);
        var outcome = await MimirProcess.EndOfAsync(again);

        outcome.Succeeded();
        Assert.Contains("the job was over before this worker was back", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workers_that_differ_end_at_once_and_name_what_differs()
    {
        _port = FreePort.Find();
        _processes.Add(StartWorker(0, "{sync: {}}", Utterances, epochs: 100_000));
        _processes.Add(StartWorker(1, "{bmuf: {period-frames: 100}}", Utterances, epochs: 100_000));
        _processes.Add(StartWorker(2, "{sync: {}}", Utterances, epochs: 100_000));

        foreach (var process in _processes)
            (await MimirProcess.EndOfAsync(process)).Refused("worker 1 does not train what worker 0 does: it has 'distribute.update.");
    }

    [Theory]
    [InlineData("{sync: {}}")]
    [InlineData("{bmuf: {period-frames: 100}}")]
    [InlineData("{asgd: {}}")]
    public async Task Workers_that_are_told_to_stop_save_themselves_within_the_epoch_and_go_on(string update)
    {
        Start(update, "train.batch={frames: 32, shuffle-window: 300}");
        await Within(4);
        foreach (var process in _processes)
            await MimirProcess.TerminateAsync(process);
        var first = await MimirProcess.EndOfAsync(_processes[0]);
        Assert.Equal(130, first.ExitCode);

        var again = await MimirProcess.RunAsync(
            _corpus.Folder, ["launch", "--workers", "3", "--", .. Train(update, "train.batch={frames: 32, shuffle-window: 300}")]);

        again.Succeeded();
        Assert.Contains("going on from epoch", again.Errors, StringComparison.Ordinal);
        var audit = LedgerAudit.Run(_corpus.At("exp"), LedgerPromise.Of(_corpus.At("exp")));
        Assert.True(audit.Sound, audit.ToText(5));
        Assert.Equal(60, audit.Epochs.Count(epoch => epoch.Ended));
    }

    private void Start(string update, string batch, int epochs = 60)
    {
        _port = FreePort.Find();
        for (var rank = 0; rank < Workers; rank++)
            _processes.Add(StartWorker(rank, update, batch, epochs));
    }

    private Process StartWorker(int rank, string update, string batch, int epochs, bool rejoins = false)
    {
        var (own, all) = (rank.ToString(CultureInfo.InvariantCulture), Workers.ToString(CultureInfo.InvariantCulture));
        Dictionary<string, string> place = new()
        {
            ["RANK"] = own,
            ["WORLD_SIZE"] = all,
            ["LOCAL_RANK"] = own,
            ["LOCAL_WORLD_SIZE"] = all,
            ["MASTER_ADDR"] = "127.0.0.1",
            ["MASTER_PORT"] = _port.ToString(CultureInfo.InvariantCulture),
            ["MIMIR_JOB_TOKEN"] = new string('7', 64),
            ["MIMIR_REJOIN"] = rejoins ? "1" : "",
        };
        return MimirProcess.StartIn(_corpus.Folder, place, Train(update, batch, epochs));
    }

    // Some steps of the epoch are done when this returns.
    private async Task Within(int epoch)
    {
        while (!HasCheckpointFrom(epoch) && !_processes[0].HasExited)
            await Task.Delay(5);
        await Task.Delay(50);
    }

    private bool HasCheckpointFrom(int epoch) => Directory.Exists(_corpus.At("exp/checkpoints"))
        && Directory.GetDirectories(_corpus.At("exp/checkpoints"))
            .Any(folder => string.CompareOrdinal(Path.GetFileName(folder), $"{epoch:D3}") > 0);

    // The last epoch that is over has utterances of the worker that came back.
    private bool TakesPartAgain() => File.Exists(_corpus.At("exp/ledger.jsonl"))
        && LedgerAudit.Run(_corpus.At("exp")).Epochs is [.., { Ended: false }] epochs && epochs.Count > 12
        && epochs[^2].ByRank.ContainsKey(1) && epochs.Any(epoch => epoch.Ended && !epoch.ByRank.ContainsKey(1));

    private void Kill(int rank) => _processes[rank].Kill();

    private string[] Train(string update, string batch, int epochs = 60) =>
    [
        "train", _corpus.Recipe, "--set", $"output={_corpus.At("exp")}", "--set", $"distribute.update={update}", "--set", batch,
        "--set", "train.optimiser.sgd.rate=0.002",
        "--set", string.Create(CultureInfo.InvariantCulture, $"train.schedule.constant.epochs={epochs}"),
    ];
}
