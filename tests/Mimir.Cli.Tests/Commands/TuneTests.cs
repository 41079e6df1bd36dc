using System.Diagnostics;
using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests.Commands;

/// <summary>A running job is told to change, and does so on all its workers at once.</summary>
public sealed class TuneTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();
    private Task<string> _errors = Task.FromResult("");

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task A_run_takes_another_rate_and_keeps_it_when_it_is_killed_and_goes_on()
    {
        using (var process = Start("train"))
        {
            await TrainingAsync(process, "exp");
            (await MimirProcess.RunAsync(_corpus.Folder, "tune", "exp", "rate=0")).Refused("a number above 0");
            (await MimirProcess.RunAsync(_corpus.Folder, "tune", "exp", "seed=3")).Refused("'seed'", "known are rate, epochs");
            var tuned = await MimirProcess.RunAsync(_corpus.Folder, "tune", "exp", "rate=0.003");
            process.Kill();
            await process.WaitForExitAsync();

            tuned.Succeeded();
            var happened = Assert.Single(Events<RunTuned>("exp"));
            Assert.StartsWith("rate 0.01 -> 0.003 from epoch ", tuned.Output, StringComparison.Ordinal);
            Assert.Equal($"{happened}", tuned.Output.Trim());
            Assert.Contains($"tuned: {happened}", await _errors, StringComparison.Ordinal);
        }

        (await MimirProcess.RunAsync(_corpus.Folder, "tune", "exp", "rate=0.003")).Refused("no run is going on in exp");
        using var resumed = Start("train");
        await ForAsync(resumed, () => EpochsSinceStart().Any());
        resumed.Kill();
        await resumed.WaitForExitAsync();
        Assert.All(EpochsSinceStart(), epoch => Assert.Equal(0.003, epoch.LearningRate));

        IEnumerable<EpochStarted> EpochsSinceStart() =>
            RunLog.Read(_corpus.At("exp/log.jsonl")).SkipWhile(one => one is not RunStarted { ResumedFrom: not null })
                .OfType<EpochStarted>();
    }

    [Theory]
    [InlineData("{sync: {}}", "rate=0.003")]
    [InlineData("{bmuf: {period-frames: 100}}", "rate=0.003", "block-momentum=0.25", "period-frames=60")]
    [InlineData("{two-tier: {machines: 2, across: {period-frames: 100}}}", "rate=0.003", "block-rate=0.9")]
    public async Task All_workers_change_at_the_same_step(string update, params string[] changes)
    {
        using var process = Start("launch", "--workers", "2", "--", "train", $"distribute.update={update}");
        await TrainingAsync(process, "exp");

        var tuned = await MimirProcess.RunAsync(_corpus.Folder, ["tune", "exp", .. changes]);
        await ForAsync(process, () => Events<RunTuned>("exp/workers/1").Count > 0);
        await MimirProcess.TerminateAsync(process);
        await process.WaitForExitAsync();

        tuned.Succeeded();
        Assert.Equal(130, process.ExitCode);
        var (first, second) = (Assert.Single(Events<RunTuned>("exp")), Assert.Single(Events<RunTuned>("exp/workers/1")));
        Assert.Equal(changes.Length, first.Changes.Count);
        Assert.Equal(first.Changes, second.Changes);
        Assert.Equal((first.Epoch, first.Block), (second.Epoch, second.Block));
        if (first.Block is null)
            Assert.Equal((first.EpochStep, first.Step), (second.EpochStep, second.Step));
        Assert.Equal($"{first}", tuned.Output.Trim());
    }

    [Fact]
    public async Task Workers_of_a_parameter_server_change_one_after_the_other()
    {
        using var process = Start("launch", "--workers", "2", "--", "train", "distribute.update=asgd");
        await TrainingAsync(process, "exp");

        var tuned = await MimirProcess.RunAsync(_corpus.Folder, "tune", "exp", "rate=0.003", "period-frames=50");
        await ForAsync(process, () => Events<RunTuned>("exp/workers/1").Count > 0);
        await MimirProcess.TerminateAsync(process);
        await process.WaitForExitAsync();

        tuned.Succeeded();
        Assert.Equal(Assert.Single(Events<RunTuned>("exp")).Changes, Assert.Single(Events<RunTuned>("exp/workers/1")).Changes);
    }

    private Process Start(params string[] command)
    {
        string[] settings = [.. command.Where(word => word.Contains('=', StringComparison.Ordinal))];
        var process = MimirProcess.Start(
            _corpus.Folder,
            [
                .. command.Except(settings), _corpus.Recipe, "--set", "train.schedule.constant.epochs=100000",
                .. settings.SelectMany(setting => new[] { "--set", setting }),
            ]);

        // Nobody may write a line an epoch into a pipe that is full.
        _errors = process.StandardError.ReadToEndAsync();
        return process;
    }

    private Task TrainingAsync(Process process, string run) =>
        ForAsync(process, () => Events<EpochStarted>(run).Any(epoch => epoch.Epoch >= 2));

    private List<T> Events<T>(string run)
        where T : RunEvent
    {
        var log = _corpus.At($"{run}/log.jsonl");
        return File.Exists(log) ? [.. RunLog.Read(log).OfType<T>()] : [];
    }

    private async Task ForAsync(Process process, Func<bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(process.HasExited, process.HasExited ? $"the run ended too early: {await _errors}" : "");
            Assert.True(limit.Elapsed < TimeSpan.FromMinutes(2), "it did not happen");
            await Task.Delay(50);
        }
    }
}
