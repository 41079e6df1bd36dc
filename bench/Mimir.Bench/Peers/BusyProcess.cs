using System.Diagnostics;

namespace Mimir.Bench.Peers;

/// <summary>Another program at full load: a process that computes without a pause.</summary>
internal sealed class BusyProcess : IDisposable
{
    private readonly Process _process = ChildProcess.Start("busy-worker");

    /// <summary>The process itself, which ends with its standard input.</summary>
    public static int Run()
    {
        new Thread(() =>
        {
            for (uint state = 1; ;)
                state = (state * 1664525) + 1013904223;
        })
        { IsBackground = true }.Start();
        Console.In.ReadToEnd();
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => ChildProcess.End(_process);
}
