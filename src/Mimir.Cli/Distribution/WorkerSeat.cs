using System.Collections;
using System.Net;
using System.Net.Sockets;
using Mimir.Dist.Launch;
using Mimir.Dist.Transports.Mpi;
using Mimir.Dist.Transports.Tcp;
using Mimir.Train.Distribution;

namespace Mimir.Cli.Distribution;

/// <summary>Finds this process's place among the workers of its job, and joins them.</summary>
internal static class WorkerSeat
{
    private const string ListenVariable = "MIMIR_LISTEN";

    // Who is dead or stands still is found out by the signs of life; this is for those that are alive and slow, as rank 0
    // while it makes a corpus.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>The place that a launcher has given this process, or null when none has.</summary>
    /// <exception cref="FormatException">The environment contradicts itself.</exception>
    internal static WorkerPlace? Find() => LaunchEnvironment.Read(Variables());

    /// <summary>Joins the workers of the job.</summary>
    /// <param name="place">This worker.</param>
    /// <param name="log">Takes a line about each refused connection and each lost worker.</param>
    /// <exception cref="FormatException">The launcher has not said all that is needed.</exception>
    /// <exception cref="IOException">The others cannot be reached.</exception>
    internal static WorkerTeam Join(WorkerPlace place, Action<string> log)
    {
        if (place.WorldSize == 1)
            return WorkerTeam.Alone;

        if (place.Launcher is "Open MPI" or "MPICH")
        {
            var mpi = MpiTransport.Connect(new() { Libraries = MpiTransportOptions.LibrariesFor(place), Timeout = Patience, Log = log });
            return WorkerTeam.Of(mpi, place.LocalSize ?? 0);
        }

        var job = JobEnvironment.Read(Variables()) ?? throw new FormatException(
            $"{place.Launcher} has started worker {place.Rank} of {place.WorldSize} without {JobEnvironment.TokenVariable}; "
            + "start the job with 'mimir launch', or export the same 64 digits of 'openssl rand -hex 32' to all workers");
        if (place.Host is not { } host || place.Port is not { } port)
            throw new FormatException($"worker {place.Rank} does not know where to meet the others: set MASTER_ADDR and MASTER_PORT");

        var transport = TcpTransport.Connect(new()
        {
            Rank = place.Rank,
            WorldSize = place.WorldSize,
            JobId = job.JobId,
            Token = job.Token,
            Host = host,
            Port = port,
            Listen = Listen(host, port),
            Timeout = Patience,
            Log = log,
        });
        return WorkerTeam.Of(transport, place.LocalSize ?? 0);
    }

    // The interface that reaches rank 0 is the one where the others reach this worker.
    private static IPAddress Listen(string host, int port)
    {
        if (Environment.GetEnvironmentVariable(ListenVariable) is { Length: > 0 } stated)
        {
            return IPAddress.TryParse(stated, out var address)
                ? address
                : throw new FormatException($"{ListenVariable}={stated}: expected the address of an interface of this machine");
        }

        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(host, port);
            return probe.LocalEndPoint is IPEndPoint end ? end.Address : IPAddress.Loopback;
        }
        catch (SocketException error)
        {
            throw new IOException($"{host}: rank 0 of the job cannot be reached ({error.Message})", error);
        }
    }

    private static Dictionary<string, string> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? "");
}
