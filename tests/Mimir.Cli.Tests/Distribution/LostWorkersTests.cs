using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mimir.Cli.Tests.Support;
using Mimir.Dist.Data.Ledgers;
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
        var audit = LedgerAudit.Run(_corpus.At("exp"));
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
        var audit = LedgerAudit.Run(_corpus.At("exp"));
        Assert.True(audit.Sound, audit.ToText(5));
        Assert.Equal(Epochs, audit.Epochs.Count(epoch => epoch.Ended));
    }

    [Theory]
    [InlineData("{ma: {period-frames: 100}}")]
    [InlineData("{bmuf: {period-frames: 100}}")]
    [InlineData("{asgd: {}}")]
    public async Task A_worker_that_is_started_again_takes_part_again(string update)
    {
        // Epochs enough that the run still goes on when a program that starts on a busy machine is there.
        Start(update, Utterances, epochs: 120);
        await Within(4);
        Kill(1);
        await Task.Delay(1000);
        using var again = StartWorker(1, update, Utterances, epochs: 120, rejoins: true);

        var first = await MimirProcess.EndOfAsync(_processes[0]);
        var second = await MimirProcess.EndOfAsync(again);

        first.Succeeded();
        second.Succeeded();
        Assert.Contains("worker 1 takes part from now on", first.Errors + first.Output, StringComparison.Ordinal);
        var audit = LedgerAudit.Run(_corpus.At("exp"));
        Assert.True(audit.Sound, audit.ToText(5));
        Assert.Contains(1, audit.Epochs[^1].ByRank.Keys);
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
        var audit = LedgerAudit.Run(_corpus.At("exp"));
        Assert.True(audit.Sound, audit.ToText(5));
        Assert.Equal(60, audit.Epochs.Count(epoch => epoch.Ended));
    }

    private void Start(string update, string batch, int epochs = 60)
    {
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _port = ((IPEndPoint)(socket.LocalEndPoint ?? throw new InvalidOperationException())).Port;
        }

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

    private void Kill(int rank) => _processes[rank].Kill();

    private string[] Train(string update, string batch, int epochs = 60) =>
    [
        "train", _corpus.Recipe, "--set", $"output={_corpus.At("exp")}", "--set", $"distribute.update={update}", "--set", batch,
        "--set", "train.optimiser.sgd.rate=0.002",
        "--set", string.Create(CultureInfo.InvariantCulture, $"train.schedule.constant.epochs={epochs}"),
    ];
}
