using System.Net;
using System.Net.Sockets;

namespace Mimir.Dist.Launch;

/// <summary>Starts the workers of a job, waits for all, and ends all when one fails.</summary>
/// <param name="options">What to start.</param>
/// <param name="say">Takes the launcher's own lines, and the workers'.</param>
public sealed class JobLauncher(JobLauncherOptions options, Action<string> say)
{
    private const int NoWorkerRan = 1;

    /// <summary>Runs the job, again after a failure as often as the options say.</summary>
    /// <param name="stopping">The job ends: workers, whom their terminal has told too, get the time that they need, and no new start.</param>
    /// <param name="telling">Nobody has told the workers: they get SIGTERM.</param>
    /// <returns>0, or the exit code of the first worker that failed.</returns>
    /// <exception cref="IOException">A worker's program cannot be started.</exception>
    public async Task<int> RunAsync(CancellationToken stopping, CancellationToken telling = default)
    {
        for (var restarts = 0; ; restarts++)
        {
            var code = await RunOnceAsync(telling).ConfigureAwait(false);
            if (code == 0 || stopping.IsCancellationRequested || telling.IsCancellationRequested || restarts == options.Restarts)
                return code;

            say($"the job failed with exit code {code}; start {restarts + 2} of {options.Restarts + 1}");
        }
    }

    private async Task<int> RunOnceAsync(CancellationToken telling)
    {
        var environment = JobEnvironment.Create(Address(), options.Port > 0 ? options.Port : FreePort());
        List<WorkerProcess> workers = [];
        try
        {
            foreach (var slot in options.Slots)
                workers.Add(WorkerProcess.Start(slot, options, environment.Of(slot, options.Slots.Count), say));

            using var told = telling.Register(() => workers.ForEach(worker => worker.Terminate()));
            return await WaitAsync(workers).ConfigureAwait(false);
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.Kill();
                worker.Dispose();
            }
        }
    }

    private async Task<int> WaitAsync(List<WorkerProcess> workers)
    {
        var code = 0;
        using var grace = new CancellationTokenSource();
        var running = workers.ConvertAll(worker => (Worker: worker, End: worker.WaitAsync(CancellationToken.None)));
        while (running.Count > 0)
        {
            try
            {
                await Task.WhenAny(running.Select(one => one.End)).WaitAsync(grace.Token).ConfigureAwait(false);
                var worker = running.First(one => one.End.IsCompleted).Worker;
                running.RemoveAll(one => one.Worker == worker);
                if (worker.ExitCode == 0 || code != 0)
                    continue;

                code = worker.ExitCode;
                say($"worker {worker.Slot.Rank} ended with exit code {code}");
                grace.CancelAfter(options.Grace);
            }
            catch (OperationCanceledException)
            {
                var left = string.Join(", ", running.Select(one => one.Worker.Slot.Rank).Order());
                say($"worker {left} did not end within {options.Grace.TotalSeconds:0.#} s and is killed");
                return code == 0 ? NoWorkerRan : code;
            }
        }

        return code;
    }

    private string Address() => options.Address
        ?? (options.Slots.Any(slot => slot.Host != HostList.Here) ? options.Slots[0].Host : IPAddress.Loopback.ToString());

    // Free a moment ago; rank 0 says so when it no longer is.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)(socket.LocalEndPoint ?? throw new IOException("no port is free"))).Port;
    }
}
