namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>The server beside the first worker: applies pushes in the order in which they are admitted, and answers.</summary>
/// <remarks>
/// A push is applied when it has come whole, or not at all. A worker that is lost, or sends or receives nothing for too long, is
/// left out; the others go on. Workers that wait, for their turn or for the end of an epoch, get a tick at every push applied.
/// </remarks>
internal sealed class ServerThread : IDisposable
{
    // The longest wait for a push before the thread checks whether to stop.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly ServerChannel _channel;
    private readonly SortedSet<int> _live;
    private readonly List<(int Worker, ServerMessage Head)> _held = [];
    private readonly SortedSet<int> _ended = [];
    private readonly Thread _thread;
    private readonly float[] _vector;
    private readonly bool _answersDifference;
    private volatile bool _stop;

    public ServerThread(ServerChannel channel, ParameterServer server, bool answersDifference)
    {
        _channel = channel;
        Server = server;
        _answersDifference = answersDifference;
        _live = [.. channel.Group.Members];
        _vector = new float[server.Model.Length];
        _thread = new(Run) { IsBackground = true, Name = "parameter server" };
        _thread.Start();
    }

    /// <summary>Gets the model; to be locked for use.</summary>
    public ParameterServer Server { get; }

    /// <summary>Gets the error that ended the thread too early, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Ends the thread; pushes that wait are not applied.</summary>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (!_stop)
            {
                Listen();
                foreach (var worker in _live.Where(worker => _channel.Transport.LossOf(worker) is not null).ToList())
                    LeaveOut(worker);

                while (!_stop && _held.FindIndex(push => Server.Admits(push.Worker)) is >= 0 and var next)
                {
                    var (worker, head) = _held[next];
                    _held.RemoveAt(next);
                    Serve(worker, head);
                }

                if (_ended.Count > 0 && _ended.Count == _live.Count)
                    EndEpoch();
            }
        }
        catch (Exception error)
        {
            Failure = error;
            foreach (var worker in _live.ToList())
                Try(worker, () => _channel.Answer(worker, new(ServerMessageKind.Failed, 0, 0, 0), []));
        }
    }

    private void Listen()
    {
        using var message = _channel.Transport.TakeAny(_channel.Heads, PollInterval);
        if (message is null)
            return;

        var head = ServerMessage.Read(message.Bytes);
        if (_live.Contains(message.Peer))
            _held.Add((message.Peer, head));
    }

    private void Serve(int worker, ServerMessage head)
    {
        if (head.Frames > 0 && !Try(worker, () => _channel.Receive(worker, _channel.Vectors, _vector)))
            return;

        lock (Server)
        {
            if (head.Frames > 0)
                Server.Push(worker, _vector, head.StepSize);

            if (head.Kind == ServerMessageKind.Last)
                Server.Leave(worker);
            else
                Server.Pull(worker);
        }

        if (head.Kind == ServerMessageKind.Last)
            _ended.Add(worker);
        else
            Answer(worker, _answersDifference ? ServerMessageKind.Difference : ServerMessageKind.Model);

        foreach (var waiting in _held.Select(push => push.Worker).Concat(_ended).ToList())
            Try(waiting, () => _channel.Answer(waiting, new(ServerMessageKind.Tick, 0, 0, Server.Version), []));
    }

    private void EndEpoch()
    {
        lock (Server)
        {
            foreach (var worker in _ended)
                Server.Pull(worker);
        }

        foreach (var worker in _ended.ToList())
            Answer(worker, ServerMessageKind.Model);

        _ended.Clear();
    }

    private void Answer(int worker, ServerMessageKind kind)
    {
        if (kind == ServerMessageKind.Model)
            Try(worker, () => _channel.AnswerModel(worker, Server.Version, Server.Pushes, Server.Model));
        else
            Try(worker, () => _channel.Answer(worker, new(kind, 0, 0, Server.Version), _vector));
    }

    private bool Try(int worker, Action exchange)
    {
        try
        {
            exchange();
            return true;
        }
        catch (Exception error) when (error is PeerLostException or TimeoutException)
        {
            LeaveOut(worker);
            return false;
        }
    }

    private void LeaveOut(int worker)
    {
        _live.Remove(worker);
        _ended.Remove(worker);
        _held.RemoveAll(push => push.Worker == worker);
        lock (Server)
            Server.Leave(worker);
    }
}
