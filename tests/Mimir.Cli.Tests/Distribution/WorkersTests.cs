using System.Diagnostics;
using System.Globalization;
using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests.Distribution;

/// <summary>Several workers, each a process, train one model.</summary>
public sealed class WorkersTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Theory]
    [InlineData(
        2, "train.batch={frames: 32, shuffle-window: 300}", "model=[{affine: {dim: 24, repeat: 2}}, {softmax: {}}]",
        "train.optimiser.sgd.rate=0.004", "distribute.rate.scaling=none")]
    [InlineData(3, "train.batch={unit: chunks, streams: 4, chunk: 5}", "model=[{lstm: {dim: 16, projection: 8}}, {softmax: {}}]")]
    [InlineData(
        2, "train.batch={unit: utterances, frames: 60}", "model=[{blstm: {dim: 8}}, {softmax: {}}]",
        "train.optimiser.sgd.momentum=0.70710678", "distribute.rate.momentum=of-batch")]
    public async Task Synchronous_workers_do_what_one_does_with_the_same_batches(
        int workers, string batch, string model, params string[] differing)
    {
        string[] settings = ["--set", batch, "--set", model, "--set", "train.optimiser.sgd.rate=0.002"];
        var alone = MimirProcess.RunAsync(_corpus.Folder, [.. Train("alone"), .. settings]);
        var together = MimirProcess.RunAsync(
            _corpus.Folder,
            [
                .. Train("together"), .. settings, "--set", $"distribute.workers={workers}",
                .. differing.SelectMany(setting => new[] { "--set", setting }),
            ]);

        (await alone).Succeeded();
        (await together).Succeeded();

        var (expected, actual) = (Model("alone"), Model("together"));
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 2e-4f);
        var (one, many) = (RunSummary.Read(_corpus.At("alone/summary.json")), RunSummary.Read(_corpus.At("together/summary.json")));
        Assert.Equal(one.CrossEntropy ?? 0, many.CrossEntropy ?? 0, 1e-3);
        Assert.True(File.Exists(_corpus.At($"together/workers/{workers - 1}/summary.json")));
    }

    [Theory]
    [InlineData("{sync: {compression: one-bit}}")]
    [InlineData("{ma: {period-frames: 100}}")]
    [InlineData("{bmuf: {period-frames: 100}}")]
    [InlineData("{asgd: {}}")]
    [InlineData("{two-tier: {machines: 2, inside: {compression: fp16}, across: {period-frames: 100}}}", 3)]
    public async Task Workers_of_every_mode_learn(string update, int workers = 2)
    {
        var outcome = await MimirProcess.RunAsync(
            _corpus.Folder, ["launch", "--workers", $"{workers}", "--", .. Train("exp"), "--set", $"distribute.update={update}"]);

        outcome.Succeeded();
        var summary = RunSummary.Read(_corpus.At("exp/summary.json"));
        Assert.True(summary.FrameAccuracy > 0.8, $"{update}: {summary.FrameAccuracy}");
        Assert.Contains("% for the others", outcome.Errors, StringComparison.Ordinal);
        Assert.All(summary.Epochs.Skip(1), epoch => Assert.True(epoch.ExchangedBytes > 0 && epoch.WaitingPercent > 0));
        Assert.All(Enumerable.Range(0, workers), worker =>
        {
            var log = RunLog.Read(_corpus.At(worker == 0 ? "exp/log.jsonl" : $"exp/workers/{worker}/log.jsonl"));
            var epochs = log.OfType<WorkersExchanged>().ToList();
            Assert.Equal([1, 2, 3, 4], epochs.Select(epoch => epoch.Epoch));
            Assert.All(epochs, epoch => Assert.True(epoch.Blocks + epoch.Steps > 0));
            Assert.Equal(worker == 0 && update.Contains("asgd", StringComparison.Ordinal), epochs.All(epoch => epoch.Staleness?.Sum() > 0));
        });
    }

    [Theory]
    [InlineData("{sync: {}}", "train.optimiser={natural-gradient: {rate: 0.05, momentum: 0.5}}", "train.average={last: {every: 5}}")]
    [InlineData("{bmuf: {period-frames: 100}}", "train.optimiser={natural-gradient: {rate: 0.01}}", "train.average={ema: {decay: 0.9}}")]
    public async Task Workers_learn_by_natural_gradient_and_validate_the_average_of_one(string update, params string[] settings)
    {
        string[] all = [$"distribute.update={update}", .. settings];
        var outcome = await MimirProcess.RunAsync(
            _corpus.Folder, ["launch", "--workers", "2", "--", .. Train("exp"), .. all.SelectMany(setting => new[] { "--set", setting })]);

        outcome.Succeeded();
        var summary = RunSummary.Read(_corpus.At("exp/summary.json"));
        Assert.True(summary.FrameAccuracy > 0.8, $"{update}: {summary.FrameAccuracy}");
        Assert.InRange(summary.Average?.CvAccuracy ?? 0, 0.7, 1);
    }

    [MpiRunFact("mpirun.openmpi")]
    public async Task Workers_of_mpirun_find_their_places()
    {
        string[] program = ["dotnet", MimirProcess.Program, .. Train("exp")];
        using var process = MimirProcess.StartOther(
            "mpirun.openmpi", _corpus.Folder, ["--allow-run-as-root", "--oversubscribe", "-np", "2", .. program]);

        var outcome = await MimirProcess.EndOfAsync(process);

        outcome.Succeeded();
        Assert.Contains("in each of 2 workers", outcome.Errors + outcome.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_corpus.At("exp/workers/1/summary.json")));
    }

    [Fact]
    public async Task A_job_that_is_started_again_goes_on_with_another_number_of_workers()
    {
        string[] epochs = ["--set", "train.optimiser.sgd.rate=0.002", "--set", "train.schedule.constant.epochs=200"];
        using (var process = MimirProcess.Start(_corpus.Folder, ["launch", "--workers", "2", "--", .. Train("exp"), .. epochs]))
        {
            while (!HasCheckpoint("004") && !process.HasExited)
                await Task.Delay(20);
            await MimirProcess.TerminateAsync(process);
            var stopped = await MimirProcess.EndOfAsync(process);
            Assert.Equal(130, stopped.ExitCode);
        }

        var outcome = await MimirProcess.RunAsync(_corpus.Folder, ["launch", "--workers", "3", "--", .. Train("exp"), .. epochs]);

        outcome.Succeeded();
        Assert.Contains("going on from epoch", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(200, RunSummary.Read(_corpus.At("exp/summary.json")).Epochs[^1].Epoch);
    }

    [Fact]
    public async Task A_killed_worker_is_named_and_ends_the_job_which_starts_again()
    {
        string[] epochs = ["--set", "train.schedule.constant.epochs=200"];
        using var process = MimirProcess.Start(
            _corpus.Folder, ["launch", "--workers", "2", "--restarts", "1", "--", .. Train("exp"), .. epochs]);
        while (!HasCheckpoint("003") && !process.HasExited)
            await Task.Delay(20);
        var watch = Stopwatch.StartNew();
        var victim = Workers(process).Single(worker => worker.Rank == 1);
        using (var kill = Process.Start("kill", ["-KILL", victim.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        var outcome = await MimirProcess.EndOfAsync(process);

        outcome.Succeeded();
        Assert.Contains("worker 1 ended with exit code 137", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("mimir: worker 1", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("start 2 of 2", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(200, RunSummary.Read(_corpus.At("exp/summary.json")).Epochs[^1].Epoch);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("launch", "--", "train", "recipe.yaml")]
    [InlineData("launch", "--hosts", "a:x", "--", "train", "recipe.yaml")]
    public async Task A_launch_without_workers_is_refused(params string[] arguments)
    {
        var outcome = await MimirProcess.RunAsync(_corpus.Folder, arguments);

        outcome.Refused("--hosts");
    }

    private static IEnumerable<(int Id, int Rank)> Workers(Process launcher)
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            string[] environment;
            try
            {
                if (!File.ReadAllText(Path.Combine(folder, "status")).Contains($"PPid:\t{launcher.Id}\n", StringComparison.Ordinal))
                    continue;

                environment = File.ReadAllText(Path.Combine(folder, "environ")).Split('\0');
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (environment.FirstOrDefault(one => one.StartsWith("RANK=", StringComparison.Ordinal)) is { } rank)
                yield return (
                    int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), int.Parse(rank[5..], CultureInfo.InvariantCulture));
        }
    }

    // The newest alone stay, and epochs are short.
    private bool HasCheckpoint(string epoch) => Directory.Exists(_corpus.At("exp/checkpoints"))
        && Directory.GetDirectories(_corpus.At("exp/checkpoints"))
            .Any(folder => string.CompareOrdinal(Path.GetFileName(folder), epoch) >= 0);

    private string[] Train(string output) => ["train", _corpus.Recipe, "--set", $"output={_corpus.At(output)}"];

    private float[] Model(string run)
    {
        var folder = Directory.GetDirectories(_corpus.At($"{run}/checkpoints")).Order().Last();
        var bytes = File.ReadAllBytes(Path.Combine(folder, "model.f32"));
        var model = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, model, 0, bytes.Length);
        return model;
    }
}
