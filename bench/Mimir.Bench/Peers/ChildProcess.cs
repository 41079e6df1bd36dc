using System.Diagnostics;

namespace Mimir.Bench.Peers;

/// <summary>This program in another process, which ends when its standard input does.</summary>
internal static class ChildProcess
{
    /// <summary>Starts one.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start) ?? throw new IOException("dotnet did not start");
    }

    /// <summary>Ends one.</summary>
    public static void End(Process process)
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(2000))
            process.Kill();
        process.Dispose();
    }
}
