using System.Buffers.Binary;

namespace Mimir.Dist.Updates;

/// <summary>What a message between a worker and the master says; the vector follows when there is one.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Frames">The frames behind a push; no vector follows when there are none.</param>
/// <param name="StepSize">What mean gradients were multiplied by since the last pull.</param>
/// <param name="Version">The pushes in the model that is answered with.</param>
internal readonly record struct ServerMessage(ServerMessageKind Kind, long Frames, double StepSize, long Version)
{
    public const int Bytes = 32;

    public static ServerMessage Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes)
            throw new InvalidDataException($"expected a message of {Bytes} bytes, got {bytes.Length}");

        return new(
            (ServerMessageKind)BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadDoubleLittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Frames);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(16), StepSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Version);
        return bytes;
    }
}
