using System.Net;
using System.Net.Sockets;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>How a worker finds and trusts the others.</summary>
public sealed record TcpTransportOptions
{
    /// <summary>Gets this worker's index, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>Gets the number of workers.</summary>
    public required int WorldSize { get; init; }

    /// <summary>Gets the name of the job: workers of another job are refused.</summary>
    public required string JobId { get; init; }

    /// <summary>Gets the secret that every worker proves to know; at least 16 random bytes.</summary>
    public required ReadOnlyMemory<byte> Token { get; init; }

    /// <summary>Gets the host name or address of rank 0, where all meet.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Gets the port of rank 0.</summary>
    public int Port { get; init; }

    /// <summary>Gets the address of the one interface on which this worker listens.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Gets a socket that already listens, for rank 0 whose launcher has chosen a free port; null: one is made.</summary>
    public Socket? Listener { get; init; }

    /// <summary>Gets a value indicating whether this worker takes the place of a lost one in a running job.</summary>
    public bool Returning { get; init; }

    /// <summary>Gets how long a wait lasts at most, also the one for all workers to come.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets how long a connection may take to prove who it is.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how often a sign of life is sent.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long a worker may give no sign of life before it counts as lost.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Gets the longest message.</summary>
    public int MaximumMessage { get; init; } = 256 << 20;

    /// <summary>
    /// Gets how many bytes of one worker wait to be asked for before its connection is read no further while this
    /// worker is busy with something else.
    /// </summary>
    public long WaitingBytes { get; init; } = 64 << 20;

    /// <summary>Gets who takes a line about each refused connection and each lost worker.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Gets the clock of the waits and the signs of life.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(WorldSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)Rank, (uint)WorldSize, nameof(Rank));
        ArgumentOutOfRangeException.ThrowIfLessThan(Token.Length, 16, nameof(Token));
    }
}
