using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests.Distribution;

/// <summary>Workers on three hosts with nothing but a network between them.</summary>
public sealed class ThreeHostsTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [NamespaceFact]
    public async Task Mimir_launch_trains_across_them()
    {
        using var hosts = new NetworkNamespaces();

        var outcome = await MimirProcess.RunAsync(
            _corpus.Folder,
            [
                "launch", "--agent", NetworkNamespaces.Agent, "--hosts", string.Join(',', NetworkNamespaces.Hosts), "--",
                "train", _corpus.Recipe, "--set", "distribute.update={bmuf: {period-frames: 100}}",
            ]);

        outcome.Succeeded();
        Trained();
    }

    [NamespaceFact("mpirun.openmpi")]
    public async Task Mpirun_trains_across_them()
    {
        using var hosts = new NetworkNamespaces();
        var agent = NetworkNamespaces.Agent.Split(' ');

        using var process = MimirProcess.StartOther(
            agent[0],
            _corpus.Folder,
            [
                .. agent.Skip(1), NetworkNamespaces.Hosts[0], "mpirun.openmpi", "--allow-run-as-root",
                "--mca", "plm_rsh_agent", $"'{NetworkNamespaces.Agent}'", "--mca", "btl", "tcp,self",
                "--host", string.Join(',', NetworkNamespaces.Hosts), "-np", "3",
                "dotnet", MimirProcess.Program, "train", _corpus.Recipe,
            ]);
        var outcome = await MimirProcess.EndOfAsync(process);

        outcome.Succeeded();
        Trained();
    }

    private void Trained()
    {
        var summary = RunSummary.Read(_corpus.At("exp/summary.json"));
        Assert.Equal(4, summary.Epochs[^1].Epoch);
        Assert.True(summary.FrameAccuracy > 0.5, $"{summary.FrameAccuracy}");
        Assert.True(File.Exists(_corpus.At("exp/workers/2/summary.json")));
    }
}
