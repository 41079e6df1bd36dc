using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Base.Logging;
using Mimir.Train.Distribution;

namespace Mimir.Train.Runs;

/// <summary>What a run does with what it finds in its folder.</summary>
public sealed record RunOptions
{
    /// <summary>
    /// Gets whether an earlier run in the same folder is thrown away. The default is false: an unfinished run goes on, a
    /// finished one is an error.
    /// </summary>
    public bool Restart { get; init; }

    /// <summary>Gets whether the sets are decoded after training. The default is true.</summary>
    public bool Decode { get; init; } = true;

    /// <summary>Gets who trains together. The default is one worker alone.</summary>
    public WorkerTeam Team { get; init; } = WorkerTeam.Alone;

    /// <summary>Where the run's log messages go.</summary>
    public RunLogging Logging { get; init; } = RunLogging.None;
}

/// <summary>The log of a run beside <c>log.jsonl</c>, for whoever looks for the cause of something.</summary>
/// <param name="Loggers">Makes the loggers.</param>
/// <param name="File">Opened as <c>mimir.log</c> in the run's folder; null for no file.</param>
public sealed record RunLogging(ILoggerFactory Loggers, LogFile? File)
{
    /// <summary>Gets the logging that drops all messages.</summary>
    public static RunLogging None { get; } = new(NullLoggerFactory.Instance, null);
}
