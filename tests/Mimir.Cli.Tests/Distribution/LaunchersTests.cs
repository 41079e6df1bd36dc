using System.Diagnostics;
using System.Globalization;
using Mimir.Cli.Tests.Support;
using Mimir.Dist.Launch;

namespace Mimir.Cli.Tests.Distribution;

/// <summary>Workers find their places in the variables of every launcher.</summary>
public sealed class LaunchersTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [MpiRunFact("mpirun.mpich")]
    public async Task Workers_of_MPICH_train()
    {
        using var process = MimirProcess.StartOther("mpirun.mpich", _corpus.Folder, ["-np", "2", "dotnet", MimirProcess.Program, .. Train]);

        var outcome = await MimirProcess.EndOfAsync(process);

        outcome.Succeeded();
        Assert.True(File.Exists(_corpus.At("exp/workers/1/summary.json")));
    }

    [Theory]
    [InlineData("SLURM_PROCID", "SLURM_STEP_NUM_TASKS=2", "SLURM_NTASKS=2", "SLURM_JOB_ID=7", "SLURM_LAUNCH_NODE_IPADDR=127.0.0.1")]
    [InlineData("RANK", "WORLD_SIZE=2", "LOCAL_WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1", "TORCHELASTIC_RUN_ID=none")]
    public async Task Workers_with_the_variables_of_srun_and_torchrun_train(string rank, params string[] variables)
    {
        string[] job = [$"MASTER_PORT={FreePort.Find()}", $"MIMIR_JOB_TOKEN={new string('a', 64)}", .. variables];

        var workers = Enumerable.Range(0, 2).Select(number => Start(
            [.. job, string.Create(CultureInfo.InvariantCulture, $"{rank}={number}")])).ToList();
        foreach (var worker in workers)
        {
            using (worker)
                (await MimirProcess.EndOfAsync(worker)).Succeeded();
        }

        Assert.True(File.Exists(_corpus.At("exp/summary.json")));
        Assert.True(File.Exists(_corpus.At("exp/workers/1/summary.json")));
    }

    private string[] Train => ["train", _corpus.Recipe, "--set", "train.schedule.constant.epochs=1"];

    private Process Start(IEnumerable<string> variables) =>
        MimirProcess.StartOther("env", _corpus.Folder, [.. variables, "dotnet", MimirProcess.Program, .. Train]);
}
