using System.Diagnostics;
using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests;

/// <summary>Runs that are killed, stopped or damaged go on, and end in the bytes of an unbroken run.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly string[] Often = ["--set", "train.checkpoint.minutes=0.00001", "--set", "train.schedule.constant.epochs=30"];

    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task Killed_and_stopped_runs_end_in_the_bytes_of_an_unbroken_one()
    {
        var unbroken = Unbroken();
        var killed = Killed();
        var stopped = Stopped();

        await Task.WhenAll(unbroken, killed, stopped);

        AssertSameModel("unbroken", "killed");
        AssertSameModel("unbroken", "stopped");
        Assert.Empty(_corpus.Leftovers);
        Assert.Equal(2, RunSummary.Read(_corpus.At("killed/summary.json")).Resumptions);

        async Task Unbroken() => (await MimirProcess.RunAsync(_corpus.Folder, Train("unbroken"))).Succeeded();

        async Task Killed()
        {
            foreach (var epoch in new[] { 4, 14 })
            {
                using var process = MimirProcess.Start(_corpus.Folder, Train("killed"));
                await InsideEpochAsync(process, "killed", epoch);
                process.Kill();
                await process.WaitForExitAsync();
            }

            (await MimirProcess.RunAsync(_corpus.Folder, Train("killed"))).Succeeded();
        }

        async Task Stopped()
        {
            using var process = MimirProcess.Start(_corpus.Folder, Train("stopped"));
            await InsideEpochAsync(process, "stopped", 2);
            await MimirProcess.TerminateAsync(process);
            var outcome = await MimirProcess.EndOfAsync(process);
            Assert.Equal(130, outcome.ExitCode);
            Assert.Contains("interrupted", outcome.Output, StringComparison.Ordinal);
            Assert.Equal(RunStatus.Interrupted, RunSummary.Read(_corpus.At("stopped/summary.json")).Status);

            var resumed = (await MimirProcess.RunAsync(_corpus.Folder, Train("stopped"))).Succeeded();
            Assert.Contains("going on from epoch", resumed.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_recurrent_network_killed_in_mid_epoch_ends_in_the_bytes_of_an_unbroken_run()
    {
        string[] recurrent =
        [
            "--set", "model=[{lstm: {dim: 16, projection: 8}}, {softmax: {}}]", "--set", "train.batch={unit: chunks, streams: 4, chunk: 5}",
            "--set", "train.target-delay=2", "--set", "train.schedule.constant.epochs=8",
        ];
        var unbroken = MimirProcess.RunAsync(_corpus.Folder, [.. Train("unbroken"), .. recurrent]);

        using (var process = MimirProcess.Start(_corpus.Folder, [.. Train("killed"), .. recurrent]))
        {
            await InsideEpochAsync(process, "killed", 3);
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.NotEmpty(Directory.GetFiles(_corpus.At("killed/checkpoints"), "state.lstm1.f32", SearchOption.AllDirectories));
        (await MimirProcess.RunAsync(_corpus.Folder, [.. Train("killed"), .. recurrent])).Succeeded();
        (await unbroken).Succeeded();
        AssertSameModel("unbroken", "killed");
    }

    [Fact]
    public async Task An_unfinished_run_survives_damage_and_another_recipe_and_a_finished_one_stays()
    {
        using (var process = MimirProcess.Start(_corpus.Folder, Train("exp")))
        {
            await InsideEpochAsync(process, "exp", 2);
            await MimirProcess.TerminateAsync(process);
            Assert.Equal(130, (await MimirProcess.EndOfAsync(process)).ExitCode);
        }

        var other = await MimirProcess.RunAsync(_corpus.Folder, [.. Train("exp"), "--set", "seed=6"]);
        var newest = Directory.GetDirectories(_corpus.At("exp/checkpoints")).Max(StringComparer.Ordinal)!;
        Truncate(Path.Combine(newest, "model.f32"));
        var resumed = await MimirProcess.RunAsync(_corpus.Folder, Train("exp"));
        var model = File.ReadAllBytes(_corpus.At("exp/model/model.safetensors"));
        var again = await MimirProcess.RunAsync(_corpus.Folder, Train("exp"));
        var restarted = await MimirProcess.RunAsync(_corpus.Folder, [.. Train("exp"), "--restart"]);

        other.Refused(_corpus.At("exp"), "unfinished run of another recipe", "seed is 5 there and 6 here", "--restart");
        resumed.Succeeded();
        Assert.Contains(Path.Combine(newest, "model.f32"), resumed.Errors, StringComparison.Ordinal);
        Assert.Contains("the one before it is used", resumed.Errors, StringComparison.Ordinal);
        Assert.Contains("already finished, --restart trains anew", again.Succeeded().Output, StringComparison.Ordinal);
        restarted.Succeeded();
        Assert.DoesNotContain("going on", restarted.Errors, StringComparison.Ordinal);
        Assert.Equal(0, RunSummary.Read(_corpus.At("exp/summary.json")).Resumptions);
        Assert.Equal(model, File.ReadAllBytes(_corpus.At("exp/model/model.safetensors")));
    }

    private static void Truncate(string file)
    {
        using var stream = File.OpenWrite(file);
        stream.SetLength(stream.Length / 2);
    }

    private string[] Train(string output) => ["train", _corpus.Recipe, "--set", $"output={_corpus.At(output)}", .. Often];

    private void AssertSameModel(string left, string right)
    {
        Assert.Equal(RunStatus.Ok, RunSummary.Read(_corpus.At($"{right}/summary.json")).Status);
        Assert.Equal(
            File.ReadAllBytes(_corpus.At($"{left}/model/model.safetensors")),
            File.ReadAllBytes(_corpus.At($"{right}/model/model.safetensors")));
    }

    /// <summary>Waits for a checkpoint from the inside of an epoch at or after <paramref name="epoch"/>.</summary>
    private async Task InsideEpochAsync(Process process, string output, int epoch)
    {
        var checkpoints = _corpus.At($"{output}/checkpoints");
        var limit = Stopwatch.StartNew();
        while (!Directory.Exists(checkpoints) || !Directory.EnumerateDirectories(checkpoints).Any(InsideEpoch))
        {
            Assert.False(process.HasExited, "the run ended before it could be stopped");
            Assert.True(limit.Elapsed < TimeSpan.FromMinutes(3), "no checkpoint was written inside an epoch");
            await Task.Delay(2);
        }

        bool InsideEpoch(string folder) =>
            Path.GetFileName(folder).Split('-') is [var number, var step]
            && int.TryParse(number, out var at) && int.TryParse(step, out var steps) && at >= epoch && steps > 0;
    }
}
