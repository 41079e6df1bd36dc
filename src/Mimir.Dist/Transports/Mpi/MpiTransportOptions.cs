using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mimir.Dist.Transports.Mpi;

/// <summary>Options of MPI: libraries and limits.</summary>
public sealed record MpiTransportOptions
{
    /// <summary>Gets the libraries to try, in order; see <see cref="LibrariesFor"/>.</summary>
    public IReadOnlyList<string> Libraries { get; init; } = LibrariesFor(null);

    /// <summary>Gets the longest wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the interval of heartbeats.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the time without a heartbeat after which a worker counts as lost.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Gets the longest message.</summary>
    public int MaximumMessage { get; init; } = 256 << 20;

    /// <summary>Gets the bytes under way above which a sender waits.</summary>
    public long OutgoingBytes { get; init; } = 64 << 20;

    /// <summary>Gets the log: a message of each lost worker.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Gets the clock of waits and heartbeats.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The libraries to try under a launcher: its own first, since another's would not find the other workers.</summary>
    /// <param name="place">The rank and its launcher, or null.</param>
    public static IReadOnlyList<string> LibrariesFor(WorkerPlace? place)
    {
        string[] openMpi = ["libmpi.so.40", "libmpi.so.80"];
        string[] mpich = ["libmpich.so.12", "libmpi.so.12"];
        return place?.Launcher == "MPICH" ? [.. mpich, .. openMpi] : [.. openMpi, .. mpich];
    }
}
