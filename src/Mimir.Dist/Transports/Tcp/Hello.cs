using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>The first bytes of a connection: the caller, its job, and a nonce that the other side has to answer.</summary>
/// <param name="Version">The protocol's version.</param>
/// <param name="IsRejoining">True when the caller takes the place of a lost worker.</param>
/// <param name="Rank">The caller's rank.</param>
/// <param name="WorldSize">The number of workers that it expects.</param>
/// <param name="Port">The port on which it listens.</param>
/// <param name="Job">SHA-256 of the job's name.</param>
/// <param name="Nonce">Random bytes.</param>
internal sealed record Hello(int Version, bool IsRejoining, int Rank, int WorldSize, int Port, byte[] Job, byte[] Nonce)
{
    public const int Bytes = HeadBytes + 16 + HashBytes + HashBytes;
    public const int HeadBytes = 12;
    public const int HashBytes = 32;
    public const int CurrentVersion = 3;
    private const int Busy = -1;
    private const int OtherJob = -2;
    private static readonly byte[] Magic = "MIMIRNET"u8.ToArray();

    /// <summary>The hello of a worker.</summary>
    public static Hello Of(TcpTransportOptions options, int port) => new(
        CurrentVersion,
        options.IsRejoining,
        options.Rank,
        options.WorldSize,
        port,
        SHA256.HashData(Encoding.UTF8.GetBytes(options.JobId)),
        RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>Checks the head, so that a foreign program is known by its first bytes.</summary>
    /// <exception cref="HandshakeException">Another program or another version calls.</exception>
    public static void CheckHead(ReadOnlySpan<byte> head)
    {
        if (!head[..Magic.Length].SequenceEqual(Magic))
            throw new HandshakeException("it does not speak this protocol");

        var version = BinaryPrimitives.ReadInt32LittleEndian(head[Magic.Length..]);
        if (version == Busy)
            throw new HandshakeException("too many others call it", again: true);
        if (version == OtherJob)
            throw new HandshakeException("it belongs to another job");
        if (version != CurrentVersion)
            throw new HandshakeException($"it speaks version {version} of the protocol, this is version {CurrentVersion}");
    }

    /// <summary>The head that answers a caller for whom there is no room now.</summary>
    public static byte[] BusyHead() => Head(Busy);

    /// <summary>The head that answers a caller of another job.</summary>
    public static byte[] OtherJobHead() => Head(OtherJob);

    private static byte[] Head(int version)
    {
        var head = new byte[HeadBytes];
        Magic.CopyTo(head, 0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Magic.Length), version);
        return head;
    }

    /// <summary>Reads all bytes; the head is checked.</summary>
    public static Hello Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[HeadBytes..]) != 0,
        BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeadBytes + 4)..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeadBytes + 8)..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeadBytes + 12)..]),
        bytes.Slice(HeadBytes + 16, HashBytes).ToArray(),
        bytes.Slice(HeadBytes + 16 + HashBytes, HashBytes).ToArray());

    /// <summary>The bytes on the wire.</summary>
    public byte[] Write()
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Magic.Length), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeadBytes), IsRejoining ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeadBytes + 4), Rank);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeadBytes + 8), WorldSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeadBytes + 12), Port);
        Job.CopyTo(bytes, HeadBytes + 16);
        Nonce.CopyTo(bytes, HeadBytes + 16 + HashBytes);
        return bytes;
    }

    /// <summary>The proof that one side knows the token: HMAC-SHA256 over its role and both hellos.</summary>
    /// <param name="token">The job's secret.</param>
    /// <param name="role">The side that proves; the two proofs differ, so that one cannot be sent back as the other.</param>
    /// <param name="caller">The caller's first bytes.</param>
    /// <param name="answer">The other side's first bytes.</param>
    public static byte[] Proof(ReadOnlySpan<byte> token, ReadOnlySpan<byte> role, ReadOnlySpan<byte> caller, ReadOnlySpan<byte> answer) =>
        HMACSHA256.HashData(token, [.. role, .. caller, .. answer]);
}
