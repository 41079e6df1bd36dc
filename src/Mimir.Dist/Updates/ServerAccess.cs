using Mimir.Dist.Transports;
using Mimir.Dist.Updates.Rules;

namespace Mimir.Dist.Updates;

/// <summary>The way over a transport; the master is a thread.</summary>
internal sealed class ServerAccess(ITransport transport, WorkerGroup group, int firstChannel) : IServerAccess
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

    public void Serve(ParameterServer server, bool elastic) => _server = new(_channel, server, elastic);

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
            _channel.Receive(_channel.Master, _channel.Answers, vector);
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
