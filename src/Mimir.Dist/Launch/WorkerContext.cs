using System.Collections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Base;
using Mimir.Dist.Transports;
using Mimir.Dist.Transports.Mpi;
using Mimir.Dist.Transports.Tcp;

namespace Mimir.Dist.Launch;

/// <summary>This process as a worker of the job that a launcher has started: its rank and its transport.</summary>
/// <remarks>
/// Started by <c>mpirun</c> of Open MPI or MPICH it uses that library, otherwise TCP: by <c>mimir launch</c>,
/// or by <c>torchrun</c> or <c>srun</c> with MASTER_ADDR, MASTER_PORT and one MIMIR_JOB_TOKEN for all. MIMIR_LISTEN states
/// the address of the interface to listen on, where the one that reaches rank 0 is not right.
/// </remarks>
public sealed class WorkerContext : IDisposable
{
    private WorkerContext(WorkerPlace place, ITransport transport, bool rejoins = false) =>
        (Place, Transport, IsRejoining) = (place, transport, rejoins);

    /// <summary>Gets the rank and the job.</summary>
    public WorkerPlace Place { get; }

    /// <summary>Gets the transport; it is disposed of with the context.</summary>
    public ITransport Transport { get; }

    /// <summary>
    /// True when this worker takes the place of a lost one: it is connected to all living workers and listed in their
    /// <see cref="ITransport.Rejoining"/>, and nobody takes a message of it before it is readmitted.
    /// </summary>
    public bool IsRejoining { get; }

    /// <summary>True when a launcher has started this process in the place of a lost worker of a running job.</summary>
    public static bool ComesBack => Environment.GetEnvironmentVariable(JobEnvironment.RejoinVariable) == "1";

    /// <summary>The place that a launcher has given this process, or null when none has.</summary>
    /// <exception cref="InputException">The environment contradicts itself.</exception>
    public static WorkerPlace? Find() => LaunchEnvironment.Read(OwnVariables());

    /// <summary>Joins the workers of the job. Without a launcher the process is the only worker.</summary>
    /// <param name="options">Limits and the log; null: the defaults.</param>
    /// <exception cref="InputException">The launcher has not set all variables that are needed.</exception>
    /// <exception cref="IOException">The others cannot be reached.</exception>
    /// <exception cref="TimeoutException">Some workers did not come; the message names them.</exception>
    public static WorkerContext Join(WorkerContextOptions? options = null)
    {
        options ??= new();
        var variables = options.Variables ?? OwnVariables();
        var place = LaunchEnvironment.Read(variables) ?? new("nobody", Rank: 0, WorldSize: 1, LocalRank: 0, LocalSize: 1);
        if (place.WorldSize == 1)
            return new(place, InProcessTransport.Create(1, options.Timeout)[0]);

        if (place.Launcher is "Open MPI" or "MPICH")
        {
            Log.WorkerJoins(options.Logger, place.Rank, place.WorldSize, place.Launcher, "MPI");
            return new(place, options.ConnectMpi(new()
            {
                Libraries = MpiTransportOptions.LibrariesFor(place),
                Timeout = options.Timeout,
                Logger = options.Logger,
            }));
        }

        var job = JobEnvironment.Read(variables) ?? throw new InputException(
            $"{place.Launcher} has started worker {place.Rank} of {place.WorldSize} without {JobEnvironment.TokenVariable}; "
            + "start the job with 'mimir launch', or export the same 64 digits of 'openssl rand -hex 32' to all workers");
        if (place.Host is not { } host || place.Port is not { } port)
            throw new InputException($"worker {place.Rank} does not know where to meet the others: set MASTER_ADDR and MASTER_PORT");

        Log.WorkerJoins(options.Logger, place.Rank, place.WorldSize, place.Launcher, "TCP");
        var transport = TcpTransport.Connect(new()
        {
            Rank = place.Rank,
            WorldSize = place.WorldSize,
            JobId = job.JobId,
            Token = job.Token,
            Host = host,
            Port = port,
            Listen = ListenAddress.Choose(variables, host, port, job.IsRejoining ? options.Timeout : TimeSpan.Zero),
            IsRejoining = job.IsRejoining,
            Timeout = options.Timeout,
            Logger = options.Logger,
        });
        return new(place, transport, job.IsRejoining);
    }

    /// <summary>Leaves the job.</summary>
    public void Dispose() => Transport.Dispose();

    private static Dictionary<string, string> OwnVariables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? "");
}

/// <summary>Options of joining a job.</summary>
public sealed record WorkerContextOptions
{
    /// <summary>
    /// Gets the longest wait. Workers that are dead or hang are found by their heartbeats within seconds; this is for those that are
    /// alive and slow.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets the log: a message of each refused connection and each lost worker.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Gets how to join a job that MPI has started: the direct binding, or that of Mimir.Dist.MpiNet.</summary>
    public Func<MpiTransportOptions, ITransport> ConnectMpi { get; init; } = MpiTransport.Connect;

    /// <summary>Gets the environment; null: that of this process.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }
}
