using Mimir.Cli.Tests.Support;
using Mimir.Lab.Emulation;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests.Commands;

/// <summary>What a cluster that is not there would do, beside what real workers do.</summary>
public sealed class EmulationTests : IDisposable
{
    private const string Lstm = "model=[{lstm: {dim: 16, projection: 8}}, {softmax: {}}]";
    private const string Chunks = "train.batch={unit: chunks, streams: 4, chunk: 5}";
    private const string Modules = "Mimir.Samples.ModuleBlock.dll";
    private readonly TinyCorpus _corpus = new();

    public EmulationTests() => File.Copy(Path.Combine(AppContext.BaseDirectory, Modules), _corpus.At(Modules));

    public void Dispose() => _corpus.Dispose();

    [Theory]
    [InlineData("{sync: {compression: one-bit}}", 2)]
    [InlineData("{sync: {}}", 3, Chunks, Lstm)]
    [InlineData("{ma: {period-frames: 100}}", 3)]
    [InlineData(
        "{ma: {period-frames: 100}}", 2,
        "model=[{module: {type: GatedLinear, assembly: " + Modules + ", output-dim: 24, dropout: 0.2}}, {softmax: {}}]")]
    [InlineData("{bmuf: {period-frames: 100}}", 2)]
    [InlineData("{bmuf: {period-frames: 90}}", 2, "train.batch={unit: utterances, frames: 60}", "model=[{blstm: {dim: 8}}, {softmax: {}}]")]
    [InlineData("{two-tier: {machines: 2, across: {period-frames: 100}}}", 3)]
    public async Task Emulated_workers_give_the_model_of_real_ones_to_the_byte(string update, int workers, params string[] settings)
    {
        string[] set =
        [
            .. settings.Append($"distribute.update={update}").Append("train.threads=1").SelectMany(setting => new[] { "--set", setting }),
        ];
        var real = MimirProcess.RunAsync(_corpus.Folder, ["launch", "--workers", $"{workers}", "--", "train", .. Recipe("real"), .. set]);
        var emulated = MimirProcess.RunAsync(_corpus.Folder, ["emulate", .. Recipe("emulated"), .. set, .. Cluster(1, workers)]);

        (await real).Succeeded();
        var outcome = (await emulated).Succeeded();

        Assert.Equal(Model("real"), Model("emulated"));
        var (one, other) = (RunSummary.Read(_corpus.At("real/summary.json")), RunSummary.Read(_corpus.At("emulated/summary.json")));
        Assert.Equal(one.Epochs.Select(epoch => epoch.CvLoss), other.Epochs.Select(epoch => epoch.CvLoss));
        Assert.Equal(one.Results.Select(result => result.Percent), other.Results.Select(result => result.Percent));
        var times = EmulationSummary.TryRead(_corpus.At("emulated"));
        Assert.NotNull(times);
        Assert.Equal(4, times.Epochs.Count);
        Assert.All(times.Epochs, epoch => Assert.True(epoch.Seconds >= epoch.ComputeSeconds && epoch.ComputeSeconds > 0));
        Assert.Contains("modelled: ", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{asgd: {}}")]
    [InlineData("{asgd: {elasticity: 0.9, period-frames: 60}}")]
    [InlineData("{asgd: {delay-compensation: adaptive, max-staleness: 2}}")]
    public async Task Pushes_of_asgd_come_in_the_same_order_each_time(string update)
    {
        string[] set = ["--set", $"distribute.update={update}", "--no-decode", .. Cluster(2, 2)];
        var first = MimirProcess.RunAsync(_corpus.Folder, ["emulate", .. Recipe("first"), .. set]);
        var second = MimirProcess.RunAsync(_corpus.Folder, ["emulate", .. Recipe("second"), .. set]);

        (await first).Succeeded();
        (await second).Succeeded();

        Assert.Equal(Model("first"), Model("second"));
        Assert.Equal(
            File.ReadAllBytes(_corpus.At("first/emulation.json")), File.ReadAllBytes(_corpus.At("second/emulation.json")));
        var epochs = RunSummary.Read(_corpus.At("first/summary.json")).Epochs;
        Assert.True(epochs[^1].CvLoss < epochs[0].CvLoss);
        var times = EmulationSummary.TryRead(_corpus.At("first"));
        Assert.NotNull(times);
        Assert.All(times.Epochs, epoch => Assert.InRange(epoch.MeanStaleness ?? -1, 0.5, 8));
    }

    [Fact]
    public async Task One_worker_is_a_plain_run()
    {
        var real = MimirProcess.RunAsync(_corpus.Folder, ["train", .. Recipe("real"), "--set", "train.threads=1", "--no-decode"]);
        var emulated = MimirProcess.RunAsync(
            _corpus.Folder, ["emulate", .. Recipe("emulated"), "--set", "train.threads=1", "--no-decode", .. Cluster(1, 1)]);

        (await real).Succeeded();
        (await emulated).Succeeded();

        Assert.Equal(Model("real"), Model("emulated"));
        Assert.Equal("alone", EmulationSummary.TryRead(_corpus.At("emulated"))?.Mode);
    }

    [Fact]
    public async Task A_worker_that_fails_ends_the_emulation_with_its_own_message()
    {
        var outcome = await MimirProcess.RunAsync(
            _corpus.Folder,
            ["emulate", .. Recipe("exp"), .. Cluster(1, 3), "--no-decode", "--set", "train.optimiser.sgd.rate=1e30", "--set",
                "distribute.update={asgd: {}}"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("mimir: ", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("is lost", outcome.Errors, StringComparison.Ordinal);
    }

    private string[] Recipe(string output) => [_corpus.Recipe, "--set", $"output={_corpus.At(output)}"];

    private string[] Cluster(int machines, int devices)
    {
        var file = _corpus.At($"{machines}x{devices}.yaml");
        File.WriteAllText(file, $$"""
            name: test
            machines: {{machines}}
            devices-per-machine: {{devices}}
            device: {frames-per-second: 10000, memory-bandwidth-gb: 10}
            inside: {latency-us: 10, bandwidth-gb: 10}
            across: {latency-us: 50, bandwidth-gb: 1}
            """);
        return ["--cluster", file];
    }

    private byte[] Model(string run)
    {
        var folder = Directory.GetDirectories(_corpus.At($"{run}/checkpoints")).Order().Last();
        return File.ReadAllBytes(Path.Combine(folder, "model.f32"));
    }
}
