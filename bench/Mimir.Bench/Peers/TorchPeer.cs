using System.Diagnostics;
using System.Globalization;

namespace Mimir.Bench.Peers;

/// <summary>torchaudio in a child process, which takes its turn when it is told to.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly Process _process;

    private TorchPeer(Process process, string name) => (_process, Name) = (process, name);

    /// <summary>Gets the peer's name and version.</summary>
    public string Name { get; }

    /// <summary>Starts the peer with a number of threads, or says on the console why there is none.</summary>
    /// <remarks>By the python3 of the path, or else by the system's, to which Debian's python3-torch belongs.</remarks>
    public static TorchPeer? Start(string script, int threads)
    {
        var reason = "";
        foreach (var python in new[] { "python3", "/usr/bin/python3" })
        {
            var start = new ProcessStartInfo(python, [script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
            start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] =
                threads.ToString(CultureInfo.InvariantCulture);
            try
            {
                var process = Process.Start(start);
                var greeting = process?.StandardOutput.ReadLine();
                if (process is not null && greeting?.StartsWith("ready ", StringComparison.Ordinal) == true)
                    return new TorchPeer(process, greeting["ready ".Length..]);

                process?.Dispose();
                reason = greeting ?? "python3 said nothing";
            }
            catch (System.ComponentModel.Win32Exception error)
            {
                reason = error.Message;
            }
        }

        Console.WriteLine($"torchaudio is not measured: {reason}");
        return null;
    }

    /// <summary>Lets the peer work for some seconds.</summary>
    /// <param name="work">The words of its request before the time and the clock.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>What it answers.</returns>
    public double Ask(string work, double seconds)
    {
        _process.StandardInput.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{work} {seconds} {(Stopwatches.ByProcessorTime ? "cpu" : "wall")}"));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine() ?? throw new IOException("the torchaudio peer ended early");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(2000);
        _process.Dispose();
    }
}
