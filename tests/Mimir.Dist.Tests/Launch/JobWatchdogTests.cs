using System.Diagnostics;
using Mimir.Dist.Launch;

namespace Mimir.Dist.Tests.Launch;

public sealed class JobWatchdogTests : IDisposable
{
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.Dispose();
        }
    }

    [Fact]
    public async Task Without_a_last_word_all_that_have_its_mark_are_ended_with_what_they_have_started()
    {
        var (shell, mark) = Watchdog(grace: 60);
        var own = Start("sleep 1000 & echo $!; wait", mark);
        var child = Process.GetProcessById(int.Parse(await own.StandardOutput.ReadLineAsync() ?? "", null));
        var other = Start("exec sleep 1000", "another");

        shell.StandardInput.Close();
        await own.WaitForExitAsync();
        await child.WaitForExitAsync();

        Assert.Equal(128 + 15, own.ExitCode);
        Assert.False(other.HasExited);
    }

    [Fact]
    public async Task One_that_does_not_hear_is_killed_after_the_time_of_grace()
    {
        var (shell, mark) = Watchdog(grace: 1);
        var deaf = Start("trap '' TERM; echo ready; while :; do sleep 0.05; done", mark);
        await deaf.StandardOutput.ReadLineAsync();

        shell.StandardInput.Close();
        await deaf.WaitForExitAsync();

        Assert.Equal(128 + 9, deaf.ExitCode);
    }

    [Fact]
    public async Task After_the_last_word_nobody_is_ended()
    {
        var watchdog = new JobWatchdog(TimeSpan.FromSeconds(1));
        var shell = watchdog.Shell ?? throw new InvalidOperationException();
        var one = Start("exec sleep 1000", watchdog.Mark);
        using var handle = Process.GetProcessById(shell.Id);

        watchdog.Dispose();
        await handle.WaitForExitAsync();

        Assert.False(one.HasExited);
    }

    private (Process Shell, string Mark) Watchdog(double grace)
    {
        var watchdog = new JobWatchdog(TimeSpan.FromSeconds(grace));
        var shell = watchdog.Shell ?? throw new InvalidOperationException();
        _processes.Add(shell);
        return (shell, watchdog.Mark);
    }

    private Process Start(string script, string mark)
    {
        var start = new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true };
        start.Environment[JobWatchdog.Variable] = mark;
        var process = Process.Start(start) ?? throw new InvalidOperationException();
        _processes.Add(process);
        return process;
    }
}
