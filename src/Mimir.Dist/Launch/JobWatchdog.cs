using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Mimir.Dist.Launch;

/// <summary>Ends the workers of this machine when the launcher is gone, however it ended.</summary>
/// <remarks>
/// It is a shell that waits for the end of its input, whose other side is the launcher's, and then ends all processes that have
/// the launcher's mark in their environment: workers, and what they have started. The kernel's own signal at the death of a
/// parent is at that of the thread that started the child, and other programs do not ask for it.
/// </remarks>
internal sealed class JobWatchdog : IDisposable
{
    /// <summary>The variable of <see cref="Mark"/>.</summary>
    public const string Variable = "MIMIR_LAUNCHER";

    // The terminal's signals are for the workers. All that are left get SIGTERM, and SIGKILL when they take too long.
    private const string Script = """
        exec > /dev/null 2>&1
        trap '' INT TERM HUP
        read -r mark
        read -r done && exit
        all() { grep -slF "$mark" /proc/[0-9]*/environ | tr -dc '0-9\n'; }
        for process in $(all); do kill -TERM "$process"; done
        seconds=0
        while [ "$seconds" -lt "$1" ]; do
          [ -n "$(all)" ] || exit 0
          sleep 1
          seconds=$((seconds + 1))
        done
        for process in $(all); do kill -KILL "$process"; done
        """;

    /// <summary>Starts the shell; where there is none, workers are not watched over.</summary>
    /// <param name="grace">The time that workers get to end by themselves.</param>
    public JobWatchdog(TimeSpan grace)
    {
        var seconds = Math.Ceiling(grace.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        try
        {
            Shell = Process.Start(new ProcessStartInfo("sh", ["-c", Script, "mimir-watchdog", seconds]) { RedirectStandardInput = true });
            Tell($"{Variable}={Mark}");
        }
        catch (Win32Exception)
        {
            Shell = null;
        }
    }

    /// <summary>Gets the value of <see cref="Variable"/> in the environment of the processes.</summary>
    public string Mark { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Gets the shell, or null where there is none.</summary>
    internal Process? Shell { get; }

    /// <summary>Ends the watch; the job is over.</summary>
    public void Dispose()
    {
        Tell("done");
        Shell?.Dispose();
    }

    private void Tell(string line)
    {
        try
        {
            Shell?.StandardInput.Write($"{line}\n");
            Shell?.StandardInput.Flush();
        }
        catch (IOException)
        {
            // Somebody has killed the shell: the job goes on without.
        }
    }
}
