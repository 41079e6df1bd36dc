using System.Diagnostics;
using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests;

/// <summary>A run that is killed with SIGKILL in the middle of an epoch ends, when it is started again, in the same bytes.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task A_killed_run_ends_in_the_bytes_of_an_unbroken_one()
    {
        string[] often = ["--set", "train.checkpoint.minutes=0.0001", "--set", "train.schedule.constant.epochs=60"];
        var unbroken = await MimirProcess.RunAsync(_corpus.Folder, ["train", _corpus.Recipe, "--set", $"output={_corpus.At("unbroken")}", .. often]);
        Assert.True(unbroken.ExitCode == 0, unbroken.Errors);
        string[] arguments = ["train", _corpus.Recipe, "--set", $"output={_corpus.At("killed")}", .. often];

        var kills = 0;
        for (var epoch = 5; epoch <= 25; epoch += 10)
        {
            using var process = MimirProcess.Start(_corpus.Folder, arguments);
            await KillInEpoch(process, epoch);
            kills++;
        }

        var resumed = await MimirProcess.RunAsync(_corpus.Folder, arguments);

        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal(3, kills);
        Assert.Equal(
            File.ReadAllBytes(_corpus.At("unbroken/model/model.safetensors")),
            File.ReadAllBytes(_corpus.At("killed/model/model.safetensors")));
    }

    /// <summary>Kills the process as soon as a checkpoint from the inside of an epoch at or after <paramref name="epoch"/> lies there.</summary>
    private async Task KillInEpoch(Process process, int epoch)
    {
        var checkpoints = _corpus.At("killed/checkpoints");
        var limit = Stopwatch.StartNew();
        while (!Directory.Exists(checkpoints) || !Directory.EnumerateDirectories(checkpoints).Any(InsideEpoch))
        {
            Assert.False(process.HasExited, "the run ended before it could be killed");
            Assert.True(limit.Elapsed < TimeSpan.FromMinutes(1), "no checkpoint was written inside an epoch");
            await Task.Delay(5);
        }

        process.Kill();
        await process.WaitForExitAsync();

        bool InsideEpoch(string folder) =>
            Path.GetFileName(folder).Split('-') is [var number, var step]
            && int.TryParse(number, out var at) && int.TryParse(step, out var steps) && at >= epoch && steps > 0;
    }
}
