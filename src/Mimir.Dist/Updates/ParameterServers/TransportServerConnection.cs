using System.Runtime.InteropServices;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>A connection over a transport; the server is a thread of the first worker.</summary>
internal sealed class TransportServerConnection(ITransport transport, WorkerGroup group, int firstChannel) : IServerConnection
{
    private ServerChannel _channel = new(transport, group, firstChannel);
    private ServerThread? _server;

    public IReadOnlyList<long> Staleness
    {
        get
        {
            if (_server is null)
                return [];

            lock (_server.Server)
                return _server.Server.Staleness;
        }
    }

    public void Regroup(WorkerGroup group) => _channel = new(transport, group, firstChannel);

    public void Serve(ParameterServer server, bool answersDifference) => _server = new(_channel, server, answersDifference);

    public ParameterServer? Stop()
    {
        _server?.Dispose();
        var server = _server?.Server;
        _server = null;
        return server;
    }

    public IReadOnlyDictionary<string, float[]> SaveState()
    {
        if (_server is null)
            return new Dictionary<string, float[]>();

        lock (_server.Server)
            return _server.Server.SaveState();
    }

    public ServerMessage Exchange(ServerMessage head, float[] vector, long[] applied)
    {
        _channel.Push(head, head.Frames > 0 ? vector : []);
        var answer = Answer();
        if (answer.Kind == ServerMessageKind.Difference)
            _channel.Receive(_channel.Server, _channel.Answers, vector);
        else
            _channel.ReceiveModel(applied, vector);

        return answer;
    }

    public void Dispose() => Stop();

    private ServerMessage Answer()
    {
        try
        {
            return _channel.ReceiveAnswer();
        }
        catch (PeerLostException) when (_server?.Failure is { } failure)
        {
            throw new IOException($"the parameter server has failed: {failure.Message}", failure);
        }
    }
}

/// <summary>The messages between workers and a server on three channels: heads of pushes, their vectors, answers.</summary>
internal sealed class ServerChannel(ITransport transport, WorkerGroup group, int channel)
{
    private const int Chunk = 1 << 20;

    public ITransport Transport => transport;

    public WorkerGroup Group => group;

    public Tag Heads { get; } = Tag.Of(group, channel);

    public Tag Vectors { get; } = Tag.Of(group, channel + 1);

    public Tag Answers { get; } = Tag.Of(group, channel + 2);

    /// <summary>Gets the server's rank.</summary>
    public int Server => group.Members[0];

    public void Push(ServerMessage head, ReadOnlySpan<float> vector)
    {
        transport.Send(Server, Heads, head.ToBytes());
        Send(Server, Vectors, vector);
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
        transport.Receive(Server, Answers, MemoryMarshal.AsBytes(pushes));
        Receive(Server, Answers, model);
    }

    /// <summary>Waits for an answer; each tick starts the time-out anew.</summary>
    public ServerMessage ReceiveAnswer()
    {
        while (true)
        {
            var head = ServerMessage.Read(transport.ReceiveMessage(Server, Answers, ServerMessage.Bytes));
            if (head.Kind == ServerMessageKind.Failed)
                throw new PeerLostException(Server, "its parameter server has failed");
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
