using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mimir.Dist.Native;

namespace Mimir.Dist.Launch;

/// <summary>One started worker. Rank 0 has the launcher's terminal; the lines of the others come with their rank.</summary>
internal sealed class WorkerProcess : IDisposable
{
    // The longest time without a heartbeat on another host.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private readonly bool _hasHeartbeats;

    private WorkerProcess(Process process, WorkerSlot slot, bool hasHeartbeats) =>
        (_process, Slot, _hasHeartbeats) = (process, slot, hasHeartbeats);

    public WorkerSlot Slot { get; }

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a worker.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="options">The workers and their command.</param>
    /// <param name="variables">Its environment beside the launcher's.</param>
    /// <param name="mark">The mark by which a watchdog knows it.</param>
    /// <param name="output">Receives its lines, except those of rank 0 on this machine, which go to the launcher's terminal.</param>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public static WorkerProcess Start(
        WorkerSlot slot, JobLauncherOptions options, IReadOnlyDictionary<string, string> variables, string mark, Action<string> output)
    {
        var isHere = slot.Host == HostList.Here;
        IReadOnlyList<string> command = isHere ? options.Command : [.. options.Agent, slot.Host, "sh", "-s"];
        var relays = slot.Rank != 0;
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = !isHere,
            RedirectStandardOutput = relays,
            RedirectStandardError = relays,
        };
        start.Environment[JobWatchdog.Variable] = mark;
        if (isHere)
        {
            foreach (var (name, value) in variables)
                start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start) ?? throw new IOException($"worker {slot.Rank}: {command[0]} did not start");
            if (!isHere)
                SendScript(process, options, variables);
            if (relays)
                Relay(process, slot.Rank, output);

            return new(process, slot, !isHere && options.Heartbeats);
        }
        catch (Win32Exception error)
        {
            throw new IOException($"worker {slot.Rank}: {command[0]} cannot be started ({error.Message})", error);
        }
    }

    public Task WaitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Tells the worker to end; one that watches its launcher by the end of the heartbeats: its lines still come.</summary>
    public void Terminate()
    {
        if (_process.HasExited)
            return;

        if (_hasHeartbeats)
            _process.StandardInput.Close();
        else
            Signals.Terminate(_process.Id);
    }

    /// <summary>Sends a heartbeat to a worker on another host.</summary>
    public void Beat()
    {
        if (!_hasHeartbeats || _process.HasExited || !_process.StandardInput.BaseStream.CanWrite)
            return;

        try
        {
            _process.StandardInput.Write('\n');
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has just ended.
        }
    }

    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    public void Dispose() => _process.Dispose();

    private static void SendScript(Process process, JobLauncherOptions options, IReadOnlyDictionary<string, string> variables)
    {
        var script = new StringBuilder();
        script.Append($"cd {Quoted(Environment.CurrentDirectory)} || exit 1\n");
        foreach (var name in options.Passed)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                script.Append($"export {name}={Quoted(value)}\n");
        }

        foreach (var (name, value) in variables)
            script.Append($"export {name}={Quoted(value)}\n");
        var command = string.Join(' ', options.Command.Select(Quoted));
        if (options.Heartbeats)
            script.Append(CultureInfo.InvariantCulture, $"export {LauncherWatch.Variable}={Silence.TotalSeconds:0}\nexec {command}\n");
        else
            script.Append($"exec {command} < /dev/null\n");
        process.StandardInput.Write(script.ToString());
        process.StandardInput.Flush();
        if (!options.Heartbeats)
            process.StandardInput.Close();
    }

    private static void Relay(Process process, int rank, Action<string> output)
    {
        void Pass(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
                output($"[{rank}] {text}");
        }

        process.OutputDataReceived += Pass;
        process.ErrorDataReceived += Pass;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
