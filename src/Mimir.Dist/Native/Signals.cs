using System.Runtime.InteropServices;

namespace Mimir.Dist.Native;

/// <summary>Signals to other processes.</summary>
internal static partial class Signals
{
    private const int Sigterm = 15;

    /// <summary>Sends SIGTERM to a process; without effect on one that is gone.</summary>
    public static void Terminate(int process) => _ = kill(process, Sigterm);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
