using System.Buffers.Binary;

namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>
/// A worker's connection to the parameter server, and on the first worker the server itself. An emulated cluster has its own.
/// </summary>
public interface IServerConnection : IDisposable
{
    /// <summary>Gets the pushes by staleness; none on workers that do not run the server.</summary>
    IReadOnlyList<long> Staleness { get; }

    /// <summary>Goes on with other members.</summary>
    /// <param name="group">The members.</param>
    void Regroup(WorkerGroup group);

    /// <summary>Runs the server beside this worker, until <see cref="Stop"/>.</summary>
    /// <param name="server">The server.</param>
    /// <param name="answersDifference">True when a push is answered with a difference to subtract; else with the server's model.</param>
    void Serve(ParameterServer server, bool answersDifference);

    /// <summary>Ends the server, if it runs here; pushes that wait are not applied.</summary>
    ParameterServer? Stop();

    /// <summary>The server's state for a checkpoint, if it runs here.</summary>
    IReadOnlyDictionary<string, float[]> SaveState();

    /// <summary>Sends a push and waits for the answer.</summary>
    /// <param name="head">The head of the push.</param>
    /// <param name="vector">The push, where the head has frames; replaced by the model or the difference.</param>
    /// <param name="applied">Replaced by the pushes in the model by rank, when the answer is the model.</param>
    ServerMessage Exchange(ServerMessage head, float[] vector, long[] applied);
}

/// <summary>The head of a message between a worker and the server; the vector follows when there is one.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Frames">The frames behind a push; no vector follows when there are none.</param>
/// <param name="StepSize">The sum of rate times frames of the steps since the last pull.</param>
/// <param name="Version">The number of pushes in the model of the answer.</param>
public readonly record struct ServerMessage(ServerMessageKind Kind, long Frames, double StepSize, long Version)
{
    internal const int Bytes = 32;

    internal static ServerMessage Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes)
            throw new InvalidDataException($"expected a message of {Bytes} bytes, got {bytes.Length}");

        return new(
            (ServerMessageKind)BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadDoubleLittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
    }

    internal byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Frames);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(16), StepSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Version);
        return bytes;
    }
}

/// <summary>The kinds of <see cref="ServerMessage"/>.</summary>
public enum ServerMessageKind
{
    /// <summary>To the server: a push that wants an answer.</summary>
    Push = 1,

    /// <summary>To the server: the last push of an epoch; the answer is the model when all have sent theirs.</summary>
    Last,

    /// <summary>To a worker: the pushes in the model by rank follow, and the model.</summary>
    Model,

    /// <summary>To a worker: the difference to subtract from its model follows.</summary>
    Difference,

    /// <summary>To a worker that waits: the job goes on.</summary>
    Tick,

    /// <summary>To a worker: the server has failed.</summary>
    Failed,
}
