namespace Mimir.Dist.Transports.Mpi;

/// <summary>Joins workers that <c>mpirun</c> or <c>srun</c> has started, over the installed Open MPI or MPICH.</summary>
/// <remarks>
/// The library is loaded at run time. Its calls are made one at a time and none of them waits: operations are tested again and
/// again, so that every wait has an end. Workers send each other heartbeats. A worker cannot rejoin: under MPI the set of
/// processes is fixed, and most launchers end all when one dies.
/// </remarks>
public sealed class MpiTransport : ITransport
{
    private const byte Beat = 0, Goodbye = 1;
    private const int MostBeatsUnderWay = 4;

    // A call of the library that does not come back must not keep the other threads from their deadlines.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly MpiTransportOptions _options;
    private readonly IMpiBinding _mpi;
    private readonly object _gate = new();
    private readonly List<MpiOperation> _outgoing = [];
    private readonly List<MpiOperation> _incoming = [];
    private readonly Mailbox _mailbox;
    private readonly HeartbeatMonitor _heartbeats;
    private readonly bool[] _leaving;
    private readonly Thread _sender;
    private readonly Thread _monitor;
    private long _outgoingBytes;
    private volatile bool _stopped;

    private MpiTransport(MpiTransportOptions options, IMpiBinding mpi)
    {
        (_options, _mpi) = (options, mpi);
        var (rank, size) = (Rank, WorldSize) = (mpi.Rank, mpi.Size);
        _mailbox = new(rank, size, options.Timeout, options.Time);
        _heartbeats = new(size, options.Silence, options.Time);
        _leaving = new bool[size];
        _sender = new Thread(SendHeartbeats) { IsBackground = true, Name = "heartbeats" };
        _monitor = new Thread(Watch) { IsBackground = true, Name = "watch" };
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int WorldSize { get; }

    /// <inheritdoc/>
    public TimeSpan Timeout => _options.Timeout;

    /// <inheritdoc/>
    public IReadOnlyList<int> Rejoining => [];

    /// <summary>Gets the name of the library in use, such as "Open MPI" or "MPICH".</summary>
    public string Library => _mpi.Library;

    /// <summary>Joins the job that the launcher has started. To be called once in a process.</summary>
    /// <param name="options">Limits, and the libraries to try.</param>
    /// <exception cref="IOException">No MPI library is installed, or it does not start.</exception>
    public static MpiTransport Connect(MpiTransportOptions options) => Connect(options, new DirectMpi(options.Libraries));

    /// <summary>Joins the job that the launcher has started, by another way to call MPI. To be called once in a process.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="mpi">The library, which is started already.</param>
    public static MpiTransport Connect(MpiTransportOptions options, IMpiBinding mpi)
    {
        var transport = new MpiTransport(options, mpi);
        transport._sender.Start();
        transport._monitor.Start();
        return transport;
    }

    /// <inheritdoc/>
    public void Send(int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        CheckPeer(peer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, _options.MaximumMessage, nameof(message));
        ObjectDisposedException.ThrowIf(_stopped, this);
        if (peer == Rank)
        {
            _mailbox.Deliver(tag, ReceivedMessage.Copy(Rank, message));
            return;
        }

        _mailbox.ThrowIfLost(peer);
        var clock = new Deadline(_options.Time, Timeout);
        if (!Monitor.TryEnter(_gate, Timeout))
            throw new TimeoutException($"worker {Rank} could send nothing to worker {peer} for {Timeout.TotalSeconds:0.#} s");

        try
        {
            Begin(peer, tag, message);
        }
        finally
        {
            Monitor.Exit(_gate);
        }

        for (var turn = 0; Interlocked.Read(ref _outgoingBytes) > _options.OutgoingBytes; turn++)
        {
            Progress();
            _mailbox.ThrowIfLost(peer);
            if (clock.Left <= TimeSpan.Zero)
                throw new TimeoutException($"worker {SlowestPeer(peer)} took nothing from worker {Rank} for {Timeout.TotalSeconds:0.#} s");

            Pause(turn);
        }
    }

    /// <inheritdoc/>
    public ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched = null)
    {
        CheckPeer(peer);
        ObjectDisposedException.ThrowIf(_stopped, this);
        var clock = new Deadline(_options.Time, Timeout);
        for (var turn = 0; ; turn++)
        {
            Progress();
            if (_mailbox.TryTake(peer, tag, watched) is { } message)
                return message;

            if (clock.Left <= TimeSpan.Zero)
                throw _mailbox.Late(peer);

            Pause(turn);
        }
    }

    /// <inheritdoc/>
    public ReceivedMessage? TakeAny(Tag tag, TimeSpan wait)
    {
        var clock = new Deadline(_options.Time, wait);
        var lost = _mailbox.Changes;
        for (var turn = 0; ; turn++)
        {
            Progress();
            if (_mailbox.TakeAny(tag, TimeSpan.Zero) is { } message)
                return message;

            if (clock.Left <= TimeSpan.Zero || _mailbox.Changes != lost)
                return null;

            Pause(turn);
        }
    }

    /// <inheritdoc/>
    public string? LossOf(int peer) => _mailbox.LossOf(peer);

    /// <inheritdoc/>
    public void Check(int peer, WorkerGroup? watched = null) => _mailbox.Check(peer, watched);

    /// <inheritdoc/>
    public bool Readmit(int peer) => false;

    /// <inheritdoc/>
    public void DiscardBefore(int generation) => _mailbox.DiscardBefore(generation);

    /// <summary>
    /// Leaves the job when all living workers leave it, which MPI demands: it waits for them as long as they send heartbeats.
    /// When a worker is lost, MPI is not ended in good order, since that would wait for it for ever.
    /// </summary>
    public void Dispose()
    {
        if (_stopped)
            return;

        var whole = Leave();
        _stopped = true;
        _sender.Join();
        _monitor.Join();
        if (whole)
            _mpi.Dispose();
    }

    // Waiting costs a little processor time at first and nearly none later, also where workers share processors.
    private static void Pause(int turn)
    {
        if (turn < 50)
            Thread.SpinWait(20);
        else if (turn < 2000)
            Thread.Yield();
        else
            Thread.Sleep(1);
    }

    private void Begin(int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        _outgoing.Add(MpiOperation.Send(_mpi, peer, tag, message));
        Interlocked.Add(ref _outgoingBytes, message.Length);
    }

    /// <summary>Advances the operations under way, without waiting.</summary>
    private void Progress()
    {
        if (!Monitor.TryEnter(_gate, Patience))
            return;

        try
        {
            _outgoing.RemoveAll(operation =>
            {
                if (!operation.Test(_mpi))
                    return false;

                Interlocked.Add(ref _outgoingBytes, -operation.Length);
                operation.Release();
                return true;
            });

            while (MpiOperation.Receive(_mpi) is { } operation)
                _incoming.Add(operation);

            // A short message may overtake a longer one that was sent before; they are delivered in order.
            for (var i = 0; i < _incoming.Count;)
            {
                var operation = _incoming[i];
                if (operation.Test(_mpi) && !_incoming.Take(i).Any(earlier => earlier.Peer == operation.Peer))
                {
                    _incoming.RemoveAt(i);
                    Arrived(operation);
                }
                else
                {
                    i++;
                }
            }
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private void Arrived(MpiOperation operation)
    {
        _heartbeats.Record(operation.Peer);
        if (operation.Tag != Tag.Control)
        {
            _mailbox.Deliver(operation.Tag, ReceivedMessage.Copy(operation.Peer, operation.Bytes));
        }
        else if (operation.Bytes is [Goodbye])
        {
            _leaving[operation.Peer] = true;
            _mailbox.Lose(operation.Peer, "it left", inGoodOrder: true);
        }

        operation.Release();
    }

    // Keeps heartbeats and messages flowing while the program computes.
    private void SendHeartbeats()
    {
        var turn = 0;
        while (!_stopped)
        {
            if (turn++ % 4 == 0 && Monitor.TryEnter(_gate, Patience))
            {
                try
                {
                    foreach (var peer in Watched(leaving: true))
                    {
                        if (_outgoing.Count(operation => operation.Peer == peer && operation.Tag == Tag.Control) < MostBeatsUnderWay)
                            Begin(peer, Tag.Control, [Beat]);
                    }
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }

            Progress();
            Thread.Sleep(_options.HeartbeatInterval / 4);
        }
    }

    // Calls nothing of the library, so that it always comes to report losses.
    private void Watch()
    {
        while (!_stopped)
        {
            Thread.Sleep(_options.HeartbeatInterval / 4);
            foreach (var (peer, silence) in _heartbeats.FindSilent(Watched(leaving: false)))
            {
                var reason = $"it gave no sign of life for {silence.TotalSeconds:0.0} s";
                if (_mailbox.Lose(peer, reason, inGoodOrder: false))
                    Log.PeerLost(_options.Logger, Rank, peer, reason);
            }
        }
    }

    /// <summary>The living workers, and on demand those that have said goodbye and wait for the others to leave.</summary>
    private List<int> Watched(bool leaving) => [.. Enumerable.Range(0, WorldSize)
        .Where(peer => peer != Rank && (_leaving[peer] ? leaving : _mailbox.LossOf(peer) is null))];

    /// <summary>Says goodbye and waits for the goodbyes of the others.</summary>
    /// <returns>True when all left in good order.</returns>
    private bool Leave()
    {
        lock (_gate)
        {
            for (var peer = 0; peer < WorldSize; peer++)
            {
                if (peer != Rank && (_leaving[peer] || _mailbox.LossOf(peer) is null))
                    Begin(peer, Tag.Control, [Goodbye]);
            }
        }

        for (var turn = 0; ; turn++)
        {
            Progress();
            var waiting = false;
            for (var peer = 0; peer < WorldSize; peer++)
            {
                if (peer == Rank || _leaving[peer])
                    continue;

                if (_mailbox.LossOf(peer) is not null)
                    return false;

                waiting = true;
            }

            lock (_gate)
                waiting |= _outgoing.Count > 0;

            if (!waiting)
                return true;

            Pause(turn);
        }
    }

    private int SlowestPeer(int otherwise)
    {
        lock (_gate)
            return _outgoing.Count > 0 ? _outgoing[0].Peer : otherwise;
    }

    private void CheckPeer(int peer) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)peer, (uint)WorldSize, nameof(peer));
}
