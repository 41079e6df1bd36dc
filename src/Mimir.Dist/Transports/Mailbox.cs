namespace Mimir.Dist.Transports;

/// <summary>The messages that wait for one worker, and the state of the others: alive, lost or rejoining.</summary>
internal sealed class Mailbox(int rank, int worldSize, TimeSpan timeout, TimeProvider time)
{
    // A waiter checks again after this time even when nobody wakes it, so that a deadline on an injected clock is seen.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly object _gate = new();
    private readonly Dictionary<(int Peer, Tag Tag), Queue<ReceivedMessage>> _messages = [];
    private readonly Dictionary<Tag, LinkedList<int>> _arrivals = [];
    private readonly long[] _waitingBytes = new long[worldSize];
    private readonly string?[] _lost = new string?[worldSize];
    private readonly bool[] _left = new bool[worldSize];
    private readonly bool[] _back = new bool[worldSize];
    private readonly bool[] _ready = new bool[worldSize];
    private int _changes;
    private int _calls;
    private int _generation = 1;

    /// <summary>Gets the lost workers that have connected again to all.</summary>
    public IReadOnlyList<int> Rejoining
    {
        get
        {
            lock (_gate)
                return [.. Enumerable.Range(0, worldSize).Where(peer => _back[peer] && _ready[peer])];
        }
    }

    /// <summary>Gets a number that changes whenever a worker is lost or returns.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Adds a message.</summary>
    public void Deliver(Tag tag, ReceivedMessage message)
    {
        lock (_gate)
        {
            if (tag.IsBefore(_generation))
            {
                message.Dispose();
                return;
            }

            if (!_messages.TryGetValue((message.Peer, tag), out var queue))
                _messages.Add((message.Peer, tag), queue = []);

            if (!_arrivals.TryGetValue(tag, out var arrivals))
                _arrivals.Add(tag, arrivals = []);

            queue.Enqueue(message);
            arrivals.AddLast(message.Peer);
            _waitingBytes[message.Peer] += message.Bytes.Length;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for a message of one worker.</summary>
    public ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched)
    {
        var start = time.GetTimestamp();
        lock (_gate)
        {
            _calls++;
            Monitor.PulseAll(_gate);
            try
            {
                while (true)
                {
                    if (TryTake(peer, tag, watched) is { } message)
                        return message;

                    var left = timeout - time.GetElapsedTime(start);
                    if (left <= TimeSpan.Zero)
                        throw Late(peer);

                    Monitor.Wait(_gate, left < PollInterval ? left : PollInterval);
                }
            }
            finally
            {
                _calls--;
            }
        }
    }

    /// <summary>Takes a message of one worker when it is there; throws when the worker or a watched one is lost.</summary>
    public ReceivedMessage? TryTake(int peer, Tag tag, WorkerGroup? watched)
    {
        lock (_gate)
        {
            if (_messages.TryGetValue((peer, tag), out var queue) && queue.Count > 0)
            {
                _arrivals[tag].Remove(peer);
                return Dequeue(peer, queue);
            }

            Check(peer, watched);
            return null;
        }
    }

    /// <summary>Waits for a message of any worker.</summary>
    public ReceivedMessage? TakeAny(Tag tag, TimeSpan wait)
    {
        var start = time.GetTimestamp();
        lock (_gate)
        {
            var seen = _changes;
            _calls++;
            Monitor.PulseAll(_gate);
            try
            {
                while (true)
                {
                    if (_arrivals.TryGetValue(tag, out var arrivals) && arrivals.First is { } first)
                    {
                        arrivals.RemoveFirst();
                        return Dequeue(first.Value, _messages[(first.Value, tag)]);
                    }

                    var left = wait - time.GetElapsedTime(start);
                    if (left <= TimeSpan.Zero || seen != _changes)
                        return null;

                    Monitor.Wait(_gate, left < PollInterval ? left : PollInterval);
                }
            }
            finally
            {
                _calls--;
            }
        }
    }

    /// <summary>Throws when a worker is lost, or a watched one that did not leave in good order.</summary>
    public void Check(int peer, WorkerGroup? watched)
    {
        lock (_gate)
        {
            ThrowIfLost(peer);
            if (watched is null)
                return;

            // A worker that left has done its part: the others do not wait for it.
            foreach (var member in watched.Members)
            {
                if (!_left[member])
                    ThrowIfLost(member);
            }
        }
    }

    /// <summary>Counts a worker as lost; only the first reason is kept.</summary>
    /// <returns>True when it was alive until now.</returns>
    public bool Lose(int peer, string reason, bool inGoodOrder)
    {
        lock (_gate)
        {
            _back[peer] = _ready[peer] = false;
            var first = _lost[peer] is null;
            if (first)
                (_lost[peer], _left[peer]) = (reason, inGoodOrder);
            _changes++;
            Monitor.PulseAll(_gate);
            return first;
        }
    }

    /// <summary>Marks a lost worker as connected again; messages of its predecessor are dropped.</summary>
    public void Return(int peer)
    {
        lock (_gate)
        {
            Forget(key => key.Peer == peer);
            (_back[peer], _ready[peer]) = (true, false);
        }
    }

    /// <summary>Marks a worker that has connected again as connected to all others too.</summary>
    public void Ready(int peer)
    {
        lock (_gate)
        {
            _ready[peer] = true;
            _changes++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Counts a worker that has connected again as alive.</summary>
    public bool Readmit(int peer)
    {
        lock (_gate)
        {
            if (!_back[peer])
                return false;

            _back[peer] = false;
            (_lost[peer], _left[peer]) = (null, false);
            return true;
        }
    }

    /// <summary>The reason why a worker counts as lost, or null.</summary>
    public string? LossOf(int peer)
    {
        lock (_gate)
            return _lost[peer];
    }

    /// <summary>Throws when a worker is lost.</summary>
    public void ThrowIfLost(int peer)
    {
        if (LossOf(peer) is { } reason)
            throw new PeerLostException(peer, reason);
    }

    /// <summary>Drops messages of earlier formations.</summary>
    public void DiscardBefore(int generation)
    {
        lock (_gate)
        {
            _generation = generation;
            Forget(key => key.Tag.IsBefore(generation));
        }
    }

    /// <summary>Marks that this worker is inside a call, during which nobody's messages are held up.</summary>
    public void BeginCall()
    {
        lock (_gate)
        {
            _calls++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Marks the end of a call.</summary>
    public void EndCall()
    {
        lock (_gate)
            _calls--;
    }

    /// <summary>
    /// True when the reader of a connection may go on: there is room, or this worker is inside a call, where holding up one message
    /// could keep away the one that it waits for. Waits a moment before it returns false.
    /// </summary>
    public bool HasRoom(int peer, long limit)
    {
        lock (_gate)
        {
            if (_waitingBytes[peer] <= limit || _calls > 0 || _lost[peer] is not null)
                return true;

            Monitor.Wait(_gate, PollInterval);
            return _waitingBytes[peer] <= limit || _calls > 0 || _lost[peer] is not null;
        }
    }

    /// <summary>The error of a wait that was too long.</summary>
    public TimeoutException Late(int peer) => new($"worker {rank} heard nothing from worker {peer} for {timeout.TotalSeconds:0.#} s");

    private ReceivedMessage Dequeue(int peer, Queue<ReceivedMessage> queue)
    {
        var message = queue.Dequeue();
        _waitingBytes[peer] -= message.Bytes.Length;
        Monitor.PulseAll(_gate);
        return message;
    }

    private void Forget(Predicate<(int Peer, Tag Tag)> unwanted)
    {
        foreach (var (key, queue) in _messages.Where(pair => unwanted(pair.Key)).ToList())
        {
            foreach (var message in queue)
            {
                _waitingBytes[key.Peer] -= message.Bytes.Length;
                _arrivals[key.Tag].Remove(key.Peer);
                message.Dispose();
            }

            _messages.Remove(key);
            if (_arrivals.TryGetValue(key.Tag, out var arrivals) && arrivals.Count == 0)
                _arrivals.Remove(key.Tag);
        }
    }
}
