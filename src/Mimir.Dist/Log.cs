using Microsoft.Extensions.Logging;

namespace Mimir.Dist;

/// <summary>The log messages of distribution. Those from level information on are for people.</summary>
/// <remarks>
/// Event ids by area, over all projects: 1000 launch and rendezvous, 1100 transports, 1200 workers lost and admitted, 2000
/// data and features, 3000 training, 3100 checkpoints, 3200 tuning, 4000 decoding, 5000 lab, 9000 bugs and failed commands.
/// </remarks>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "worker {Rank} is started on {Host}: {Program}")]
    internal static partial void WorkerStarted(ILogger logger, int rank, string host, string program);

    [LoggerMessage(1001, LogLevel.Information, "worker {Rank} ended with exit code {Code}")]
    internal static partial void WorkerEnded(ILogger logger, int rank, int code);

    [LoggerMessage(1002, LogLevel.Warning, "worker {Rank} ended with exit code {Code}; it is started again in {Seconds:0.#} s ({Left})")]
    internal static partial void WorkerRestarts(ILogger logger, int rank, int code, double seconds, string left);

    [LoggerMessage(1003, LogLevel.Warning, "worker {Rank} ended with exit code {Code}; the others go on without it")]
    internal static partial void WorkerGivenUp(ILogger logger, int rank, int code);

    [LoggerMessage(1004, LogLevel.Warning, "worker {Ranks} did not end within {Seconds:0.#} s and is killed")]
    internal static partial void WorkersKilled(ILogger logger, string ranks, double seconds);

    [LoggerMessage(1005, LogLevel.Warning, "the job failed with exit code {Code}; {Left}")]
    internal static partial void JobRestarts(ILogger logger, int code, string left);

    [LoggerMessage(1006, LogLevel.Warning, "the job ended without worker {Ranks}")]
    internal static partial void JobEndedWithout(ILogger logger, string ranks);

    [LoggerMessage(1010, LogLevel.Debug, "worker {Rank} of {WorldSize} joins the job of {Launcher} by {Transport}")]
    internal static partial void WorkerJoins(ILogger logger, int rank, int worldSize, string launcher, string transport);

    [LoggerMessage(1100, LogLevel.Warning, "worker {Rank}: a connection could not be accepted: {Reason}")]
    internal static partial void AcceptFailed(ILogger logger, int rank, string reason);

    [LoggerMessage(1101, LogLevel.Warning, "worker {Rank}: refused {Caller}: {Reason}")]
    internal static partial void ConnectionRefused(ILogger logger, int rank, string caller, string reason);

    [LoggerMessage(1102, LogLevel.Warning, "worker {Rank}: {Count} more connections were refused")]
    internal static partial void MoreRefused(ILogger logger, int rank, int count);

    [LoggerMessage(1200, LogLevel.Warning, "worker {Rank}: worker {Peer} is lost: {Reason}")]
    internal static partial void PeerLost(ILogger logger, int rank, int peer, string reason);

    [LoggerMessage(2100, LogLevel.Information, "leases: {Count} items of worker {Rank} go back to the pool of epoch {Epoch} ({Reason})")]
    internal static partial void LeasesReturned(ILogger logger, int count, int rank, int epoch, string reason);

    [LoggerMessage(
        2101, LogLevel.Information, "leases: worker {Rank} was started anew, the {Count} items that it held go back to the pool")]
    internal static partial void LeasesReleased(ILogger logger, int rank, int count);

    [LoggerMessage(2102, LogLevel.Information, "leases: worker {Rank} takes part in epoch {Epoch} from now on")]
    internal static partial void LeasesJoined(ILogger logger, int rank, int epoch);

    [LoggerMessage(2103, LogLevel.Warning, "leases: {Reason}")]
    internal static partial void LeaseMessageRefused(ILogger logger, string reason);

    [LoggerMessage(2200, LogLevel.Warning, "cache: {Problem}; tried again in {Seconds:0.00} s")]
    internal static partial void ReadRetried(ILogger logger, string problem, double seconds);

    [LoggerMessage(2201, LogLevel.Warning, "cache: {Problem}; tried again in {Seconds:0.00} s from byte {Position}")]
    internal static partial void FetchRetried(ILogger logger, string problem, double seconds, long position);

    [LoggerMessage(2202, LogLevel.Information, "cache: {File} ({Size}, last used {Used:u}) makes room")]
    internal static partial void FileEvicted(ILogger logger, string file, string size, DateTime used);

    [LoggerMessage(2203, LogLevel.Warning, "cache: {Problem} (fetched ahead)")]
    internal static partial void FetchAheadFailed(ILogger logger, string problem);

    [LoggerMessage(2204, LogLevel.Warning, "cache: {File} is damaged here ({Place} has other bytes than its name says); fetched again")]
    internal static partial void FileDamaged(ILogger logger, string file, string place);
}
