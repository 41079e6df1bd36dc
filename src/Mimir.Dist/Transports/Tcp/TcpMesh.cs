using System.Net;
using System.Net.Sockets;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>The connections of one worker to all others: how they are made, watched, lost and replaced.</summary>
internal sealed class TcpMesh : IDisposable
{
    private readonly TcpTransportOptions _options;
    private readonly Mailbox _mailbox;
    private readonly PeerWatch _watch;
    private readonly object _gate = new();
    private readonly TcpConnection?[] _connections;
    private readonly Dictionary<int, IPEndPoint> _places = [];
    private readonly object _pausing = new();
    private readonly TcpDoor _door;
    private bool _complete;
    private volatile bool _stopped;
    private Thread? _monitor;

    public TcpMesh(TcpTransportOptions options, Mailbox mailbox)
    {
        _options = options;
        _mailbox = mailbox;
        _watch = new(options.WorldSize, options.Silence, options.Time);
        _connections = new TcpConnection?[options.WorldSize];
        _door = new(options, Admit);
    }

    /// <summary>Connects to all others.</summary>
    public void Join()
    {
        _door.Open();
        _monitor = Start("signs of life", Watch);
        var clock = new Deadline(_options.Time, _options.Timeout);
        if (_options.Rank > 0)
        {
            CallRankZero(clock);
            using var roster = _mailbox.Take(0, Tag.Control, watched: null);
            var places = Roster.Read(roster.Bytes.ToArray());
            foreach (var (rank, place) in places)
            {
                if (rank != 0 && rank != _options.Rank && (rank < _options.Rank || _options.Returning))
                    Adopt(rank, Call(rank, [place], clock), returned: false);
            }

            if (_options.Returning)
                GiveUpOn(rank => !places.ContainsKey(rank));
        }

        AwaitAll(clock);
        if (_options.Rank == 0)
            TellEveryone();
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

        _door.Dispose();
        _monitor?.Join();
        TcpConnection[] connections;
        lock (_gate)
            connections = [.. _connections.OfType<TcpConnection>()];

        foreach (var connection in connections)
            connection.Goodbye();

        foreach (var connection in connections)
            connection.Dispose();
    }

    private static Thread Start(string name, Action work)
    {
        var thread = new Thread(() => work()) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private void CallRankZero(Deadline clock)
    {
        List<IPEndPoint> places;
        try
        {
            places = [.. Dns.GetHostAddresses(_options.Host).Select(address => new IPEndPoint(address, _options.Port))];
        }
        catch (SocketException error)
        {
            throw new IOException($"{_options.Host}: the host of worker 0 is not known: {error.Message}", error);
        }

        Adopt(0, Call(0, places, clock), returned: false);
    }

    // Who is called may not listen yet, or may not have seen that this worker's predecessor is lost: it is tried again.
    private Socket Call(int peer, List<IPEndPoint> places, Deadline clock)
    {
        for (var attempt = 0; ; attempt++)
        {
            var place = places[attempt % places.Count];
            var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                // The system bounds a blocking connect by the time-out of sending.
                socket.SendTimeout = (int)Math.Clamp(clock.Left.TotalMilliseconds, 100, 10_000);
                socket.Connect(place);
                Handshake.Call(socket, _door.Hello, peer, _options);
                return socket;
            }
            catch (HandshakeException error) when (!error.Again || clock.Left <= TimeSpan.Zero)
            {
                socket.Dispose();
                throw new IOException($"worker {peer} at {place}: {error.Message}", error);
            }
            catch (Exception error) when (error is HandshakeException or SocketException)
            {
                socket.Dispose();
                if (clock.Left <= TimeSpan.Zero)
                    throw new TimeoutException($"worker {peer} at {place} could not be reached within {_options.Timeout.TotalSeconds:0.#} s", error);

                Pause(TimeSpan.FromMilliseconds(100));
            }
            catch (Exception)
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>Decides about a caller who has proven the token.</summary>
    private bool Admit(Hello caller, Socket socket)
    {
        lock (_gate)
        {
            var expected = caller.Returning ? _complete && _mailbox.LossOf(caller.Rank) is not null : !_complete;
            if (!expected || _connections[caller.Rank] is not null || _stopped)
                return false;

            if (socket.RemoteEndPoint is IPEndPoint remote)
                _places[caller.Rank] = new(remote.Address, caller.Port);

            // Before anything else can be sent on it, the caller must have its answer.
            socket.Send([Handshake.Welcome]);
            Adopt(caller.Rank, socket, caller.Returning);
        }

        if (caller.Returning && _options.Rank == 0)
            Connection(caller.Rank).Send(Tag.Control, Roster.Write(Places()));
        return true;
    }

    private void Adopt(int peer, Socket socket, bool returned)
    {
        var connection = new TcpConnection(socket, peer, _options.Timeout);
        lock (_gate)
        {
            if (returned)
                _mailbox.Return(peer);

            _connections[peer] = connection;
            _watch.Heard(peer);
            Monitor.PulseAll(_gate);
        }

        Start($"from worker {peer}", () =>
        {
            var (reason, inGoodOrder) = connection.Read(_mailbox, _options, () => _watch.Heard(peer));
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
            _places.Remove(connection.Peer);
            if (_mailbox.Lose(connection.Peer, reason, inGoodOrder) && !inGoodOrder)
                _options.Log($"worker {_options.Rank}: worker {connection.Peer} is lost: {reason}");
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

                var left = clock.Left;
                if (left <= TimeSpan.Zero)
                {
                    var names = string.Join(", ", missing.Select(rank => $"worker {rank}"));
                    throw new TimeoutException($"worker {_options.Rank} waited {_options.Timeout.TotalSeconds:0.#} s for {names} to connect");
                }

                Monitor.Wait(_gate, left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            }

            _complete = true;
        }
    }

    private void TellEveryone()
    {
        var roster = Roster.Write(Places());
        foreach (var connection in _connections.OfType<TcpConnection>().ToList())
            connection.Send(Tag.Control, roster);
    }

    private Dictionary<int, IPEndPoint> Places()
    {
        lock (_gate)
            return new(_places);
    }

    private void GiveUpOn(Predicate<int> absent)
    {
        for (var rank = 1; rank < _options.WorldSize; rank++)
        {
            if (rank != _options.Rank && absent(rank))
                _mailbox.Lose(rank, "it was lost before this worker returned", inGoodOrder: false);
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
            List<TcpConnection> connections;
            lock (_gate)
                connections = [.. _connections.OfType<TcpConnection>()];

            foreach (var connection in connections)
                connection.Beat();

            foreach (var (peer, silence) in _watch.Look(connections.Select(connection => connection.Peer)))
                Lose(connections.First(connection => connection.Peer == peer), $"it gave no sign of life for {silence.TotalSeconds:0.0} s");
        }
    }
}
