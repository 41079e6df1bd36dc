using System.Diagnostics;
using System.Globalization;
using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests.Distribution;

/// <summary>Workers end with their launcher, however it ends.</summary>
public sealed class LauncherDeathTests : IDisposable
{
    private const int Limit = 600_000; // milliseconds; only what hangs meets it

    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Theory(Timeout = Limit)]
    [InlineData("{sync: {}}")]
    [InlineData("{bmuf: {period-frames: 100}}")]
    [InlineData("{asgd: {}}")]
    public async Task Workers_of_a_killed_launcher_save_themselves_and_end(string update)
    {
        using var launcher = Train(update);
        await Trains(launcher);

        launcher.Kill();
        await launcher.WaitForExitAsync();

        // The workers hold the lock of the run as long as they live.
        while (File.Exists(_corpus.At("exp/.lock")) || File.Exists(_corpus.At("exp/workers/1/.lock")))
            await Task.Delay(50);
        Assert.Equal(RunStatus.Interrupted, RunSummary.Read(_corpus.At("exp/summary.json")).Status);
    }

    [Fact(Timeout = Limit)]
    public async Task Other_programs_end_with_a_killed_launcher_too()
    {
        using var launcher = MimirProcess.Start(
            _corpus.Folder,
            [
                "launch", "--workers", "2", "--program", "--",
                "sh", "-c", "echo $$ > pid.$RANK.part; mv pid.$RANK.part pid.$RANK; exec sleep 1000",
            ]);
        while (!File.Exists(_corpus.At("pid.0")) || !File.Exists(_corpus.At("pid.1")))
            await Task.Delay(20);

        launcher.Kill();

        foreach (var rank in new[] { 0, 1 })
        {
            var process = int.Parse(File.ReadAllText(_corpus.At($"pid.{rank}")), CultureInfo.InvariantCulture);
            while (IsAlive(process))
                await Task.Delay(50);
        }
    }

    [Theory(Timeout = Limit)]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_to_the_launcher_alone_is_passed_on(string signal)
    {
        using var launcher = Train("{sync: {}}");
        await Trains(launcher);

        using (var kill = Process.Start("kill", [$"-{signal}", $"{launcher.Id}"]))
            await kill.WaitForExitAsync();
        var outcome = await MimirProcess.EndOfAsync(launcher);

        Assert.Equal(130, outcome.ExitCode);
        Assert.Equal(RunStatus.Interrupted, RunSummary.Read(_corpus.At("exp/summary.json")).Status);
    }

    private static bool IsAlive(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].StartsWith('Z');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Whoever runs the tests in the background may have SIGINT ignored, and children inherit that.
    private Process Train(string update) => MimirProcess.StartOther(
        "env", _corpus.Folder,
        [
            "--default-signal=INT", "dotnet", MimirProcess.Program, "launch", "--workers", "2", "--", "train", _corpus.Recipe,
            "--set", $"distribute.update={update}",
            "--set", "train.optimiser.sgd.rate=0.002", "--set", "train.schedule.constant.epochs=100000",
        ]);

    private async Task Trains(Process launcher)
    {
        while (!Directory.Exists(_corpus.At("exp/checkpoints")) && !launcher.HasExited)
            await Task.Delay(20);
    }
}
