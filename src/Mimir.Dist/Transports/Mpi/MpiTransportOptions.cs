using Mimir.Dist.Launch;

namespace Mimir.Dist.Transports.Mpi;

/// <summary>How a worker that <c>mpirun</c> has started talks to the others.</summary>
public sealed record MpiTransportOptions
{
    /// <summary>Gets the libraries to try, in order; see <see cref="LibrariesFor"/>.</summary>
    public IReadOnlyList<string> Libraries { get; init; } = LibrariesFor(null);

    /// <summary>Gets how long a wait lasts at most.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets how often a sign of life is sent.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long a worker may give no sign of life before it counts as lost.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Gets the longest message.</summary>
    public int MaximumMessage { get; init; } = 256 << 20;

    /// <summary>Gets how many bytes are on their way at once before a sender waits.</summary>
    public long OutgoingBytes { get; init; } = 64 << 20;

    /// <summary>Gets who takes a line about each lost worker.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Gets the clock of the waits and the signs of life.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The libraries to try under a launcher: its own first, since another's would not find the other workers.</summary>
    /// <param name="place">What <see cref="LaunchEnvironment.Read"/> has found.</param>
    public static IReadOnlyList<string> LibrariesFor(WorkerPlace? place)
    {
        string[] openMpi = ["libmpi.so.40", "libmpi.so.80"];
        string[] mpich = ["libmpich.so.12", "libmpi.so.12"];
        return place?.Launcher == "MPICH" ? [.. mpich, .. openMpi] : [.. openMpi, .. mpich];
    }
}
