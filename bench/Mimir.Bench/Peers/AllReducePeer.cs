using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Mimir.Dist.Launch;

namespace Mimir.Bench.Peers;

/// <summary>Workers in processes of their own that sum vectors when the first of them is told to.</summary>
internal sealed class AllReducePeer : IDisposable
{
    private readonly List<Process> _processes;

    private AllReducePeer(List<Process> processes, string name) => (_processes, Name) = (processes, name);

    /// <summary>Gets the peer's name and version.</summary>
    public string Name { get; }

    /// <summary>Mimir's workers, which meet over TCP.</summary>
    /// <param name="size">The number of workers.</param>
    /// <param name="kind">"shared" memory, or the "ring" over TCP.</param>
    public static AllReducePeer? Mimir(int size, string kind)
    {
        var (port, token) = (FreePort.Find(), RandomNumberGenerator.GetHexString(32));
        return Start([.. Enumerable.Range(0, size).Select(rank => (IReadOnlyList<string>)
            ["dotnet", typeof(AllReducePeer).Assembly.Location, "allreduce-worker", kind, Text(rank), Text(size), Text(port), token])]);
    }

    /// <summary>PyTorch's gloo, by the system's python3, to which Debian's python3-torch belongs.</summary>
    public static AllReducePeer? Gloo(int size, string checkout)
    {
        var port = FreePort.Find();
        var script = Path.Combine(checkout, "bench", "peers", "allreduce_gloo.py");
        return Start([.. Enumerable.Range(0, size).Select(rank => (IReadOnlyList<string>)
            ["/usr/bin/python3", script, Text(rank), Text(size), Text(port)])]);
    }

    /// <summary>Open MPI's MPI_Allreduce, compiled here.</summary>
    public static AllReducePeer? OpenMpi(int size, string checkout)
    {
        var program = Path.Combine(checkout, "artifacts", "allreduce");
        Directory.CreateDirectory(Path.GetDirectoryName(program) ?? checkout);
        try
        {
            using var compiler =
                Process.Start("mpicc.openmpi", ["-O2", "-o", program, Path.Combine(checkout, "bench", "peers", "allreduce.c")]);
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
                return null;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Console.WriteLine($"Open MPI is not measured: {error.Message}");
            return null;
        }

        return Start([["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "-np", Text(size), program]]);
    }

    /// <summary>Lets the workers sum a vector some times.</summary>
    /// <returns>Seconds of the quickest and of the median time, as worker 0 sees it.</returns>
    public (double Best, double Median) Sum(long bytes, int times)
    {
        _processes[0].StandardInput.WriteLine($"{Text(bytes)} {Text(times)}");
        _processes[0].StandardInput.Flush();
        var answer = (_processes[0].StandardOutput.ReadLine() ?? throw new IOException($"{Name} ended early")).Split(' ');
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), double.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _processes[0].StandardInput.Close();
        foreach (var process in _processes)
        {
            if (!process.WaitForExit(5000))
                process.Kill(entireProcessTree: true);

            process.Dispose();
        }
    }

    private static AllReducePeer? Start(IReadOnlyList<IReadOnlyList<string>> commands)
    {
        List<Process> processes = [];
        try
        {
            foreach (var command in commands)
            {
                var start = new ProcessStartInfo(
                    command[0], command.Skip(1))
                { RedirectStandardInput = true, RedirectStandardOutput = true };
                processes.Add(Process.Start(start) ?? throw new IOException($"{command[0]} did not start"));
            }

            var greeting = processes[0].StandardOutput.ReadLine();
            while (greeting is not null && !greeting.StartsWith("ready ", StringComparison.Ordinal))
                greeting = processes[0].StandardOutput.ReadLine();

            if (greeting is not null)
                return new(processes, greeting["ready ".Length..]);

            Console.WriteLine($"{string.Join(' ', commands[0])} is not measured: it did not get ready");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            Console.WriteLine($"{commands[0][0]} is not measured: {error.Message}");
        }

        processes.ForEach(process => process.Kill(entireProcessTree: true));
        return null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
