using System.Collections;
using Mimir.Base;
using Mimir.Dist.Transports;
using Mimir.Dist.Transports.Mpi;
using Mimir.Dist.Transports.Tcp;

namespace Mimir.Dist.Launch;

/// <summary>This process as a worker of the job that a launcher has started it for: its place, and what joins it with the others.</summary>
/// <remarks>
/// Started by <c>mpirun</c> of Open MPI or MPICH it talks through that library, otherwise over TCP: by <c>mimir launch</c>,
/// or by <c>torchrun</c> or <c>srun</c> with MASTER_ADDR, MASTER_PORT and one MIMIR_JOB_TOKEN for all. MIMIR_LISTEN states
/// the address of the interface to listen on, where the one that reaches rank 0 is not right.
/// </remarks>
public sealed class WorkerContext : IDisposable
{
    private WorkerContext(WorkerPlace place, ITransport transport, bool rejoins = false) =>
        (Place, Transport, Rejoins) = (place, transport, rejoins);

    /// <summary>Gets which worker this is.</summary>
    public WorkerPlace Place { get; }

    /// <summary>Gets what joins the workers; it is disposed of with the seat.</summary>
    public ITransport Transport { get; }

    /// <summary>
    /// Gets a value indicating whether this worker takes the place of a lost one: it is connected to all that live and
    /// listed in their <see cref="ITransport.Returned"/>, and nobody takes a message of it before it is readmitted.
    /// </summary>
    public bool Rejoins { get; }

    /// <summary>The place that a launcher has given this process, or null when none has.</summary>
    /// <exception cref="InputException">The environment contradicts itself.</exception>
    public static WorkerPlace? Find() => LaunchEnvironment.Read(OwnVariables());

    /// <summary>Joins the workers of the job. Without a launcher the process is the only worker.</summary>
    /// <param name="options">Limits and the log; null: the defaults.</param>
    /// <exception cref="InputException">The launcher has not said all that is needed.</exception>
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
            return new(place, MpiTransport.Connect(new()
            {
                Libraries = MpiTransportOptions.LibrariesFor(place),
                Timeout = options.Timeout,
                Log = options.Log,
            }));
        }

        var job = JobEnvironment.Read(variables) ?? throw new InputException(
            $"{place.Launcher} has started worker {place.Rank} of {place.WorldSize} without {JobEnvironment.TokenVariable}; "
            + "start the job with 'mimir launch', or export the same 64 digits of 'openssl rand -hex 32' to all workers");
        if (place.Host is not { } host || place.Port is not { } port)
            throw new InputException($"worker {place.Rank} does not know where to meet the others: set MASTER_ADDR and MASTER_PORT");

        var transport = TcpTransport.Connect(new()
        {
            Rank = place.Rank,
            WorldSize = place.WorldSize,
            JobId = job.JobId,
            Token = job.Token,
            Host = host,
            Port = port,
            Listen = ListenAddress.Choose(variables, host, port, job.Rejoins ? options.Timeout : TimeSpan.Zero),
            Returning = job.Rejoins,
            Timeout = options.Timeout,
            Log = options.Log,
        });
        return new(place, transport, job.Rejoins);
    }

    /// <summary>Leaves the job.</summary>
    public void Dispose() => Transport.Dispose();

    private static Dictionary<string, string> OwnVariables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? "");
}

/// <summary>How a process joins the job whose launcher has started it.</summary>
public sealed record WorkerContextOptions
{
    /// <summary>
    /// Gets how long a wait lasts at most. Who is dead or stands still is found out by the signs of life within seconds; this
    /// is for those that are alive and slow. The default is 30 minutes.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets who takes a line about each refused connection and each lost worker.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Gets the environment; null: that of this process.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }
}
