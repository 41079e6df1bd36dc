using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>Options of TCP: the rank, the rendezvous, the token and limits.</summary>
public sealed record TcpTransportOptions
{
    /// <summary>Gets this worker's index, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>Gets the number of workers.</summary>
    public required int WorldSize { get; init; }

    /// <summary>Gets the name of the job: workers of another job are refused.</summary>
    public required string JobId { get; init; }

    /// <summary>Gets the secret that every worker has to know; at least 16 random bytes.</summary>
    public required ReadOnlyMemory<byte> Token { get; init; }

    /// <summary>Gets the host name or address of rank 0, the rendezvous.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Gets the port of rank 0.</summary>
    public int Port { get; init; }

    /// <summary>Gets the address of the one interface on which this worker listens.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Gets a socket that already listens, for rank 0 whose launcher has chosen a free port; null: one is made.</summary>
    public Socket? Listener { get; init; }

    /// <summary>True when this worker takes the place of a lost one in a running job.</summary>
    public bool IsRejoining { get; init; }

    /// <summary>Gets the longest wait, also that for all workers to connect.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the longest handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the interval of heartbeats.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the time without a heartbeat after which a worker counts as lost.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Gets the longest message.</summary>
    public int MaximumMessage { get; init; } = 256 << 20;

    /// <summary>
    /// Gets the bytes of one worker's waiting messages above which its connection is read no further while this worker is not
    /// inside a call.
    /// </summary>
    public long WaitingBytes { get; init; } = 64 << 20;

    /// <summary>Gets the log: a message of each refused connection and each lost worker.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Gets the clock of waits and heartbeats.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(WorldSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)Rank, (uint)WorldSize, nameof(Rank));
        ArgumentOutOfRangeException.ThrowIfLessThan(Token.Length, 16, nameof(Token));
    }
}
