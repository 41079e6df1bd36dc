using System.Net;

namespace Mimir.Dist.Launch;

/// <summary>Starts the workers of a job, waits for all, and starts again what fails.</summary>
/// <param name="options">What to start.</param>
/// <param name="say">Takes the launcher's own lines, and the workers'.</param>
public sealed class JobLauncher(JobLauncherOptions options, Action<string> say)
{
    /// <summary>Runs the job, again after a failure as often as the options say.</summary>
    /// <param name="stopping">The job ends: workers, whom their terminal has told too, get the time that they need, and no new start.</param>
    /// <param name="telling">Nobody has told the workers: they get SIGTERM.</param>
    /// <returns>
    /// 0, or the exit code of the first worker that failed; with <see cref="JobLauncherOptions.Rejoin"/> that of rank 0.
    /// </returns>
    /// <exception cref="IOException">A worker's program cannot be started.</exception>
    public async Task<int> RunAsync(CancellationToken stopping, CancellationToken telling = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, telling);
        var restarts = new Restarts(options);
        while (true)
        {
            var environment = JobEnvironment.Create(Address(), options.Port > 0 ? options.Port : FreePort.Find());
            using var run = new JobRun(options, environment, restarts, say);
            using var told = telling.Register(run.Terminate);
            var code = await run.WaitAsync(ending.Token).ConfigureAwait(false);
            if (code == 0 || ending.IsCancellationRequested || !restarts.Take())
                return code;

            say($"the job failed with exit code {code}; {restarts.Next}");
        }
    }

    private string Address() => options.Address
        ?? (options.Slots.Any(slot => slot.Host != HostList.Here) ? options.Slots[0].Host : IPAddress.Loopback.ToString());
}
