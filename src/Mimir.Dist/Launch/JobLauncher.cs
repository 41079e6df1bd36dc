using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Mimir.Dist.Launch;

/// <summary>Starts the workers of a job, waits for all, and restarts those that fail.</summary>
/// <param name="options">The workers and their command.</param>
/// <param name="output">Receives the lines of the workers, each with its rank.</param>
/// <param name="logger">Receives the launcher's own messages.</param>
public sealed class JobLauncher(JobLauncherOptions options, Action<string> output, ILogger logger)
{
    /// <summary>Runs the job, again after a failure as often as the options allow.</summary>
    /// <remarks>When this process is gone, however it ended, its workers are ended too.</remarks>
    /// <param name="stopping">Ends the job: workers, which got the terminal's signal too, get the time that they need, and no
    /// restart.</param>
    /// <param name="terminating">Ends the job: workers get SIGTERM.</param>
    /// <returns>
    /// 0, or the exit code of the first worker that failed; with <see cref="JobLauncherOptions.FaultTolerant"/> that of rank 0.
    /// </returns>
    /// <exception cref="IOException">A worker's program cannot be started.</exception>
    public async Task<int> RunAsync(CancellationToken stopping, CancellationToken terminating = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, terminating);
        using var watchdog = new JobWatchdog(options.Grace);
        var restarts = new Restarts(options);
        while (true)
        {
            var environment = JobEnvironment.Create(Address(), options.Port > 0 ? options.Port : FreePort.Find());
            using var run = new JobRun(options, environment, restarts, watchdog, output, logger);
            using var registration = terminating.Register(run.Terminate);
            var code = await run.WaitAsync(ending.Token).ConfigureAwait(false);
            if (code == 0 || ending.IsCancellationRequested || !restarts.Take())
                return code;

            Log.JobRestarts(logger, code, restarts.Next);
        }
    }

    private string Address() => options.Address
        ?? (options.Slots.Any(slot => slot.Host != HostList.Here) ? options.Slots[0].Host : IPAddress.Loopback.ToString());
}

/// <summary>Counts the restarts of a job or of its workers.</summary>
/// <param name="options">The number allowed, and the first pause.</param>
internal sealed class Restarts(JobLauncherOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private int _taken;

    /// <summary>Gets the number of the start after the last <see cref="Take"/>, for the log.</summary>
    public string Next => $"start {_taken + 1} of {options.Restarts + 1}";

    /// <summary>Gets the pause before a worker that has just ended is restarted: twice as long each time.</summary>
    public TimeSpan Pause
    {
        get
        {
            var pause = options.RejoinPause * Math.Pow(2, Math.Clamp(_taken - 1, 0, 30));
            return pause < LongestPause ? pause : LongestPause;
        }
    }

    /// <summary>Uses one up, if any is left.</summary>
    public bool Take()
    {
        if (_taken >= options.Restarts)
            return false;

        _taken++;
        return true;
    }

    /// <summary>Gives one back that was not needed.</summary>
    public void Return() => _taken--;
}

/// <summary>Finds a port for rank 0.</summary>
public static class FreePort
{
    /// <summary>A port of this machine that was free a moment ago; to listen there may fail when it no longer is.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static int Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)(socket.LocalEndPoint ?? throw new IOException("no port is free"))).Port;
    }
}
