using System.Net;
using System.Net.Sockets;
using Mimir.Base;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>The connections of one worker to all others: makes, watches and replaces them.</summary>
internal sealed class TcpMesh : IDisposable
{
    private readonly TcpTransportOptions _options;
    private readonly Mailbox _mailbox;
    private readonly HeartbeatMonitor _heartbeats;
    private readonly object _gate = new();
    private readonly TcpConnection?[] _connections;
    private readonly Dictionary<int, IPEndPoint> _addresses = [];
    private readonly object _pausing = new();
    private readonly PeerListener _listener;
    private readonly PeerConnector _connector;
    private bool _complete;
    private string? _mismatch;
    private volatile bool _stopped;
    private Thread? _monitor;

    public TcpMesh(TcpTransportOptions options, Mailbox mailbox)
    {
        _options = options;
        _mailbox = mailbox;
        _heartbeats = new(options.WorldSize, options.Silence, options.Time);
        _connections = new TcpConnection?[options.WorldSize];
        _listener = new(options, Admit, Mismatch);
        _connector = new(options, () => _listener.Hello, IsConnected, span => Pause(span));
    }

    /// <summary>Connects to all others.</summary>
    public void Join()
    {
        _listener.Open();
        _monitor = Start("heartbeats", Watch);
        var clock = new Deadline(_options.Time, _options.Timeout);
        if (_options.Rank > 0)
        {
            Connect(0, _connector.PlacesOfRankZero(), clock);
            Dictionary<int, IPEndPoint> places;
            using (var list = _mailbox.Take(0, Tag.Control, watched: null))
                places = PeerList.Read(list.Bytes.ToArray());

            // The others know this worker too, or have been waiting for it: those that live connect soon.
            clock = new(_options.Time, (2 * _options.Silence) + _options.HandshakeTimeout);
            GiveUpOn(rank => !places.ContainsKey(rank), "it was lost before this worker came");
            foreach (var (rank, place) in places)
            {
                if (rank != 0 && rank != _options.Rank && (rank < _options.Rank || _options.IsRejoining))
                    TryConnect(rank, place, clock);
            }
        }

        AwaitAll(clock);
        if (_options.Rank == 0)
            SendPeerList();
        else if (_options.IsRejoining)
            SendToAll(connection => connection.SendReady());
    }

    /// <summary>The connection to a worker.</summary>
    /// <exception cref="PeerLostException">There is none.</exception>
    public TcpConnection Connection(int peer)
    {
        lock (_gate)
            return _connections[peer] ?? throw new PeerLostException(peer, _mailbox.LossOf(peer) ?? "it is not connected");
    }

    /// <summary>Ends the connection to a worker.</summary>
    public void Drop(int peer, string reason)
    {
        TcpConnection? connection;
        lock (_gate)
            connection = _connections[peer];

        if (connection is not null)
            Lose(connection, reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_pausing)
        {
            if (_stopped)
                return;

            _stopped = true;
            Monitor.PulseAll(_pausing);
        }

        _listener.Dispose();
        _monitor?.Join();
        var connections = Connected();
        connections.ForEach(connection => connection.SendGoodbye());
        connections.ForEach(connection => connection.Dispose());
    }

    private static Thread Start(string name, Action work)
    {
        var thread = new Thread(() => work()) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private void Connect(int peer, List<IPEndPoint> places, Deadline clock)
    {
        if (_connector.Call(peer, places, clock) is { } socket)
            Adopt(peer, socket);
    }

    // Of two that rejoin at the same time each finds the other in its list; the one of the higher rank calls.
    private void TryConnect(int peer, IPEndPoint place, Deadline clock)
    {
        try
        {
            Connect(peer, [place], clock);
        }
        catch (Exception error) when (error is TimeoutException or IOException)
        {
            GiveUpOn(rank => rank == peer, error.Message);
        }
    }

    /// <summary>Accepts or rejects a caller that has proven the token.</summary>
    private bool Admit(Hello caller, Socket socket)
    {
        lock (_gate)
        {
            // Before all are connected, rank 0 is called by all, and of two others the higher rank calls.
            var expected = _complete
                ? caller.IsRejoining && _mailbox.LossOf(caller.Rank) is not null
                : _options.Rank == 0 || caller.Rank > _options.Rank;
            if (!expected || _connections[caller.Rank] is not null || _stopped)
                return false;

            if (socket.RemoteEndPoint is IPEndPoint remote)
                _addresses[caller.Rank] = new(remote.Address, caller.Port);

            // Before anything else can be sent on it, the caller must have its answer.
            socket.Send([Handshake.Accepted]);
            Adopt(caller.Rank, socket);
            if (!_complete || _options.Rank != 0)
                return true;
        }

        Connection(caller.Rank).Send(Tag.Control, PeerList.Write(Addresses()));
        return true;
    }

    private void Mismatch(string reason)
    {
        lock (_gate)
        {
            _mismatch = reason;
            Monitor.PulseAll(_gate);
        }
    }

    private void Adopt(int peer, Socket socket)
    {
        var connection = new TcpConnection(socket, peer, _options.Timeout);
        lock (_gate)
        {
            if (_connections[peer] is not null)
            {
                connection.Dispose();
                return;
            }

            if (_mailbox.LossOf(peer) is not null)
            {
                _mailbox.Return(peer);

                // Nobody has worked with its predecessor yet.
                if (!_complete)
                    _mailbox.Readmit(peer);
            }

            _connections[peer] = connection;
            _heartbeats.Record(peer);
            Monitor.PulseAll(_gate);
        }

        Start($"from worker {peer}", () =>
        {
            var (reason, inGoodOrder) = connection.Read(_mailbox, _options, () => _heartbeats.Record(peer));
            Lose(connection, reason, inGoodOrder);
        });
    }

    private void Lose(TcpConnection connection, string reason, bool inGoodOrder = false)
    {
        lock (_gate)
        {
            connection.Dispose();
            if (_stopped || _connections[connection.Peer] != connection)
                return;

            _connections[connection.Peer] = null;
            _addresses.Remove(connection.Peer);
            _mailbox.Lose(connection.Peer, reason, inGoodOrder);
            if (!inGoodOrder)
                Log.PeerLost(_options.Logger, _options.Rank, connection.Peer, reason);
        }
    }

    private void AwaitAll(Deadline clock)
    {
        lock (_gate)
        {
            while (true)
            {
                var missing = Enumerable.Range(0, _options.WorldSize)
                    .Where(rank => rank != _options.Rank && _connections[rank] is null && _mailbox.LossOf(rank) is null).ToList();
                if (missing.Count == 0)
                    break;
                if (_mismatch is { } mismatch)
                    throw new InputException($"{mismatch}; start all workers with the same number");

                var left = clock.Left;
                if (left <= TimeSpan.Zero && _options.Rank > 0)
                {
                    GiveUpOn(missing.Contains, "it did not connect");
                    continue;
                }

                if (left <= TimeSpan.Zero)
                {
                    var names = string.Join(", ", missing.Select(rank => $"worker {rank}"));
                    throw new TimeoutException(
                        $"worker {_options.Rank} waited {_options.Timeout.TotalSeconds:0.#} s for {names} to connect");
                }

                Monitor.Wait(_gate, left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            }

            _complete = true;
        }
    }

    private void SendPeerList()
    {
        var list = PeerList.Write(Addresses());
        SendToAll(connection => connection.Send(Tag.Control, list));
    }

    private void SendToAll(Action<TcpConnection> send)
    {
        foreach (var connection in Connected())
        {
            try
            {
                send(connection);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                Lose(connection, $"the connection broke: {error.Message}");
            }
        }
    }

    private List<TcpConnection> Connected()
    {
        lock (_gate)
            return [.. _connections.OfType<TcpConnection>()];
    }

    private bool IsConnected(int peer)
    {
        lock (_gate)
            return _connections[peer] is not null;
    }

    private Dictionary<int, IPEndPoint> Addresses()
    {
        lock (_gate)
            return new(_addresses);
    }

    private void GiveUpOn(Predicate<int> absent, string reason)
    {
        lock (_gate)
        {
            for (var rank = 1; rank < _options.WorldSize; rank++)
            {
                if (rank != _options.Rank && _connections[rank] is null && absent(rank))
                {
                    Log.PeerLost(_options.Logger, _options.Rank, rank, reason);
                    _mailbox.Lose(rank, reason, inGoodOrder: false);
                }
            }
        }
    }

    /// <summary>Waits, unless this worker leaves.</summary>
    private bool Pause(TimeSpan span)
    {
        lock (_pausing)
            return !_stopped && !Monitor.Wait(_pausing, span);
    }

    private void Watch()
    {
        while (Pause(_options.HeartbeatInterval))
        {
            var connections = Connected();
            connections.ForEach(connection => connection.SendHeartbeat());

            foreach (var (peer, silence) in _heartbeats.FindSilent(connections.Select(connection => connection.Peer)))
                Lose(connections.First(connection => connection.Peer == peer), $"it gave no sign of life for {silence.TotalSeconds:0.0} s");
        }
    }
}
