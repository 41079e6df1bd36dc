using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Mimir.Dist.Transports;
using Mimir.Train.Checkpoints;

namespace Mimir.Train.Distribution;

/// <summary>The message of a checkpoint, or none, from the coordinator to another worker.</summary>
internal static class CheckpointMessage
{
    private const int Channel = 120;
    private const int MostBytes = 1 << 24;
    private const int PartFloats = MostBytes / sizeof(float);

    private static Tag Tag => new(Channel);

    /// <summary>Sends a checkpoint to a worker.</summary>
    public static void Send(ITransport transport, int peer, Checkpoint? checkpoint)
    {
        if (checkpoint is null)
        {
            transport.Send(peer, Tag, []);
            return;
        }

        transport.Send(peer, Tag, JsonSerializer.SerializeToUtf8Bytes(checkpoint.State, StateJson.Default.TrainingState));
        transport.Send(peer, Tag, BitConverter.GetBytes(checkpoint.Vectors.Count));
        foreach (var (name, vector) in checkpoint.Vectors)
        {
            transport.Send(peer, Tag, Encoding.UTF8.GetBytes(name));
            transport.Send(peer, Tag, BitConverter.GetBytes(vector.Length));
            for (var begin = 0; begin < vector.Length; begin += PartFloats)
                transport.Send(peer, Tag, MemoryMarshal.AsBytes(Part(vector, begin)));
        }
    }

    /// <summary>Receives the checkpoint of the coordinator.</summary>
    public static Checkpoint? Receive(ITransport transport)
    {
        var text = transport.ReceiveMessage(0, Tag, MostBytes);
        if (text.Length == 0)
            return null;

        var state = JsonSerializer.Deserialize(text, StateJson.Default.TrainingState)
            ?? throw new InvalidDataException("worker 0 sent no state of a training run");
        var vectors = new Dictionary<string, float[]>();
        for (var left = BitConverter.ToInt32(transport.ReceiveMessage(0, Tag, sizeof(int))); left > 0; left--)
        {
            var name = Encoding.UTF8.GetString(transport.ReceiveMessage(0, Tag, MostBytes));
            var vector = new float[BitConverter.ToInt32(transport.ReceiveMessage(0, Tag, sizeof(int)))];
            for (var begin = 0; begin < vector.Length; begin += PartFloats)
                transport.Receive(0, Tag, MemoryMarshal.AsBytes(Part(vector, begin)));
            vectors[name] = vector;
        }

        return new(state, vectors);
    }

    private static Span<float> Part(float[] vector, int begin) => vector.AsSpan(begin, Math.Min(PartFloats, vector.Length - begin));
}
