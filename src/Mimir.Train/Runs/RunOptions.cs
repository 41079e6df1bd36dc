using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Base.Logging;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>The options of a training run, besides its recipe.</summary>
public sealed record RunOptions
{
    /// <summary>
    /// True when an earlier run in the same folder is thrown away. Otherwise an unfinished run continues, and
    /// a finished one stays as it is.
    /// </summary>
    public bool Restart { get; init; }

    /// <summary>True when the sets are decoded after training.</summary>
    public bool Decode { get; init; } = true;

    /// <summary>Gets the workers that train together.</summary>
    public WorkerTeam Team { get; init; } = WorkerTeam.Alone;

    /// <summary>Gets the destination of the run's log messages.</summary>
    public RunLogging Logging { get; init; } = RunLogging.None;

    /// <summary>Gets the threads of computation; null for those of the recipe, or this worker's part of the machine's cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Gets the factory of this worker's update mode.</summary>
    public UpdateModeFactory CreateUpdateMode { get; init; } = (options, context, _) => options.Create(context);

    /// <summary>Gets the wrapper of this worker's dealer of training batches, which may watch them.</summary>
    public Func<IBatchDealer, IBatchDealer> WrapDealer { get; init; } = dealer => dealer;

    /// <summary>True when leases are dealt around also in a mode whose results depend on timing.</summary>
    public bool LeasesInTurn { get; init; }

    /// <summary>Gets a loader that has loaded sets of the same features before; null makes one.</summary>
    public SetLoader? Loader { get; init; }

    /// <summary>Gets the sets that several workers of this process share; null when it is the only one.</summary>
    public SetCache? Sets { get; init; }
}

/// <summary>The log of a run beside <c>log.jsonl</c>, to find the cause of an error.</summary>
/// <param name="Loggers">Makes the loggers.</param>
/// <param name="File">Opened as <c>mimir.log</c> in the run's folder; null for no file.</param>
public sealed record RunLogging(ILoggerFactory Loggers, LogFile? File)
{
    /// <summary>Gets the logging that drops all messages.</summary>
    public static RunLogging None { get; } = new(NullLoggerFactory.Instance, null);

    /// <summary>Makes a logger whose messages for people are shown by a progress display too.</summary>
    /// <remarks>
    /// Its category is that of <typeparamref name="T"/>, a class of this library, whose messages the console does not show.
    /// </remarks>
    /// <param name="progress">The display.</param>
    internal ILogger Shown<T>(ITrainingProgress progress) => new LineLogger(progress.Say, Loggers.CreateLogger<T>());
}
