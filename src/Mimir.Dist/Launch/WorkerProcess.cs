using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Mimir.Dist.Native;

namespace Mimir.Dist.Launch;

/// <summary>One started worker. Rank 0 has the launcher's terminal; the lines of the others come with their rank.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    private WorkerProcess(Process process, WorkerSlot slot) => (_process, Slot) = (process, slot);

    public WorkerSlot Slot { get; }

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a worker.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="options">The workers and their command.</param>
    /// <param name="variables">Its environment beside the launcher's.</param>
    /// <param name="output">Receives its lines, except those of rank 0 on this machine, which go to the launcher's terminal.</param>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public static WorkerProcess Start(
        WorkerSlot slot, JobLauncherOptions options, IReadOnlyDictionary<string, string> variables, Action<string> output)
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

            return new(process, slot);
        }
        catch (Win32Exception error)
        {
            throw new IOException($"worker {slot.Rank}: {command[0]} cannot be started ({error.Message})", error);
        }
    }

    public Task WaitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public void Terminate()
    {
        if (!_process.HasExited)
            Signals.Terminate(_process.Id);
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
        script.Append($"exec {string.Join(' ', options.Command.Select(Quoted))} < /dev/null\n");
        process.StandardInput.Write(script.ToString());
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
