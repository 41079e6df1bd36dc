using System.Net.Sockets;
using System.Security.Cryptography;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>The handshake in which two workers prove to each other that they know the job's token, within a bounded time.</summary>
/// <remarks>
/// Caller: hello. Answerer: hello, proof. Caller: proof. Answerer: one byte, the verdict. The token itself never crosses
/// the wire. Later messages are neither encrypted nor signed: the network is trusted to keep connections apart.
/// </remarks>
internal static class Handshake
{
    public const byte Accepted = 1;
    public const byte Rejected = 2;
    public const byte OtherSize = 3;

    /// <summary>The caller's side.</summary>
    /// <param name="socket">Connected.</param>
    /// <param name="own">This worker's hello.</param>
    /// <param name="peer">The rank that must answer.</param>
    /// <param name="options">The token and the limit of time.</param>
    /// <exception cref="HandshakeException">The other side is not that worker, or does not accept this one.</exception>
    public static void Call(Socket socket, Hello own, int peer, TcpTransportOptions options)
    {
        var clock = new Deadline(options.Time, options.HandshakeTimeout);
        var hello = own.Write();
        socket.Send(hello);
        var (answer, bytes) = ReceiveHello(socket, clock);
        if (answer.Rank != peer)
            throw new HandshakeException($"it is worker {answer.Rank}, expected worker {peer}");

        var proof = new byte[Hello.HashBytes];
        Receive(socket, proof, clock);
        if (!CryptographicOperations.FixedTimeEquals(proof, Hello.Proof(options.Token.Span, "answer"u8, hello, bytes)))
            throw new HandshakeException("it does not know the job's token");

        socket.Send(Hello.Proof(options.Token.Span, "call"u8, hello, bytes));
        var verdict = new byte[1];
        Receive(socket, verdict, clock);
        if (verdict[0] == OtherSize)
            throw new HandshakeException($"its job has another number of workers than {own.WorldSize}");
        if (verdict[0] != Accepted)
            throw new HandshakeException($"it does not want worker {own.Rank} (its rank is taken)", again: true);
    }

    /// <summary>The answerer's side up to the verdict.</summary>
    /// <param name="socket">Connected.</param>
    /// <param name="own">This worker's hello.</param>
    /// <param name="options">The token and the limit of time.</param>
    /// <param name="callsJob">Called when the caller has named this job.</param>
    /// <returns>The caller's hello.</returns>
    /// <exception cref="HandshakeException">The caller is none of the job's.</exception>
    public static Hello Answer(Socket socket, Hello own, TcpTransportOptions options, Action callsJob)
    {
        var clock = new Deadline(options.Time, options.HandshakeTimeout);
        var (caller, bytes) = ReceiveHello(socket, clock);
        if (!CryptographicOperations.FixedTimeEquals(caller.Job, own.Job))
        {
            socket.Send(Hello.OtherJobHead());
            throw new HandshakeException("it belongs to another job");
        }

        callsJob();
        if (caller.Rank < 0 || caller.Rank >= Math.Max(caller.WorldSize, own.WorldSize) || caller.Rank == own.Rank)
            throw new HandshakeException($"it calls itself worker {caller.Rank} of {own.WorldSize}");

        var hello = own.Write();
        socket.Send([.. hello, .. Hello.Proof(options.Token.Span, "answer"u8, bytes, hello)]);
        var proof = new byte[Hello.HashBytes];
        Receive(socket, proof, clock);
        if (!CryptographicOperations.FixedTimeEquals(proof, Hello.Proof(options.Token.Span, "call"u8, bytes, hello)))
            throw new HandshakeException("it does not know the job's token");

        if (caller.WorldSize == own.WorldSize)
            return caller;

        socket.Send([OtherSize]);
        throw new OtherSizeException(
            $"worker {caller.Rank} was started as one of {caller.WorldSize} workers, worker {own.Rank} as one of {own.WorldSize}");
    }

    private static (Hello Hello, byte[] Bytes) ReceiveHello(Socket socket, Deadline clock)
    {
        var bytes = new byte[Hello.Bytes];
        Receive(socket, bytes.AsSpan(0, Hello.HeadBytes), clock);
        Hello.CheckHead(bytes);
        Receive(socket, bytes.AsSpan(Hello.HeadBytes), clock);
        return (Hello.Read(bytes), bytes);
    }

    private static void Receive(Socket socket, Span<byte> target, Deadline clock)
    {
        while (target.Length > 0)
        {
            var left = clock.Left;
            if (left <= TimeSpan.Zero || !socket.Poll(left, SelectMode.SelectRead))
                throw new HandshakeException("it did not finish the handshake in time");

            var count = socket.Receive(target);
            if (count == 0)
                throw new HandshakeException("it hung up during the handshake (another token, or too many calls?)") { HungUp = true };

            target = target[count..];
        }
    }
}

/// <summary>A connection that is not one of the job's, or not now.</summary>
/// <param name="message">The reason, as "it …".</param>
/// <param name="again">True when the same caller may succeed later.</param>
internal class HandshakeException(string message, bool again = false) : IOException(message)
{
    /// <summary>Gets whether the same caller may succeed later.</summary>
    public bool Again { get; } = again;

    /// <summary>True when the other side has given no reason; among many callers it may be that one had to make room.</summary>
    public bool HungUp { get; init; }
}

/// <summary>A worker of the job, which it has proven, that was started with another number of workers.</summary>
/// <param name="message">Both numbers.</param>
internal sealed class OtherSizeException(string message) : HandshakeException(message);
