using System.Runtime.InteropServices;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates;

/// <summary>The conversation between workers and a master on three channels: heads of pushes, their vectors, answers.</summary>
internal sealed class ServerChannel(ITransport transport, WorkerGroup group, int channel)
{
    private const int Chunk = 1 << 20;

    public ITransport Transport => transport;

    public WorkerGroup Group => group;

    public Tag Heads { get; } = group.Tag(channel);

    public Tag Vectors { get; } = group.Tag(channel + 1);

    public Tag Answers { get; } = group.Tag(channel + 2);

    /// <summary>Gets the master's rank.</summary>
    public int Master => group.Members[0];

    public void Push(ServerMessage head, ReadOnlySpan<float> vector)
    {
        transport.Send(Master, Heads, head.ToBytes());
        Send(Master, Vectors, vector);
    }

    public void Answer(int worker, ServerMessage head, ReadOnlySpan<float> vector)
    {
        transport.Send(worker, Answers, head.ToBytes());
        Send(worker, Answers, vector);
    }

    public void AnswerModel(int worker, long version, ReadOnlySpan<long> pushes, ReadOnlySpan<float> model)
    {
        Span<long> padded = stackalloc long[transport.WorldSize];
        pushes.CopyTo(padded);
        transport.Send(worker, Answers, new ServerMessage(ServerMessageKind.Model, 0, 0, version).ToBytes());
        transport.Send(worker, Answers, MemoryMarshal.AsBytes(padded));
        Send(worker, Answers, model);
    }

    public void ReceiveModel(Span<long> pushes, Span<float> model)
    {
        transport.Receive(Master, Answers, MemoryMarshal.AsBytes(pushes));
        Receive(Master, Answers, model);
    }

    /// <summary>Waits for an answer; ticks make the wait longer.</summary>
    public ServerMessage ReceiveAnswer()
    {
        while (true)
        {
            var head = ServerMessage.Read(transport.ReceiveMessage(Master, Answers, ServerMessage.Bytes));
            if (head.Kind == ServerMessageKind.Failed)
                throw new PeerLostException(Master, "its parameter server has failed");
            if (head.Kind != ServerMessageKind.Tick)
                return head;
        }
    }

    public void Receive(int peer, Tag tag, Span<float> vector)
    {
        for (var begin = 0; begin < vector.Length; begin += Chunk)
            transport.Receive(peer, tag, MemoryMarshal.AsBytes(vector.Slice(begin, Math.Min(Chunk, vector.Length - begin))));
    }

    private void Send(int peer, Tag tag, ReadOnlySpan<float> vector)
    {
        for (var begin = 0; begin < vector.Length; begin += Chunk)
            transport.Send(peer, tag, MemoryMarshal.AsBytes(vector.Slice(begin, Math.Min(Chunk, vector.Length - begin))));
    }
}
