using System.Runtime.ExceptionServices;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Data.Leases;

/// <summary>A worker's side of the leases, on every rank. A thread of its own asks for the next lease ahead of its use.</summary>
/// <remarks>
/// One thread at a time. An error is thrown by the next call: a lost or silent server as the transport's
/// <see cref="PeerLostException"/> or <see cref="TimeoutException"/>, which name worker 0.
/// </remarks>
public sealed class LeaseClient : IDisposable
{
    private const int Server = 0;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly object _gate = new();
    private readonly ITransport _transport;
    private readonly LeaseOptions _options;
    private readonly StallMeter? _stalls;
    private readonly Action<Lease>? _ahead;
    private readonly Queue<Lease> _leases = [];
    private readonly List<CompletedItem> _completed = [];
    private readonly List<DroppedItem> _dropped = [];
    private readonly Thread _thread;
    private EpochItems? _epoch;
    private LeaseState? _answer;
    private (int Settled, string Holders) _progress;
    private Exception? _failure;
    private volatile bool _stopped;

    /// <summary>Starts a client.</summary>
    /// <param name="transport">Joins this worker to rank 0.</param>
    /// <param name="options">Channels, limits and the log, the same on every worker.</param>
    /// <param name="stalls">Counts the waits for a lease, or null.</param>
    /// <param name="ahead">Called with each lease as soon as it is there, on another thread: for a cache to prefetch its files.</param>
    public LeaseClient(ITransport transport, LeaseOptions options, StallMeter? stalls = null, Action<Lease>? ahead = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Ahead, 1, nameof(options));
        (_transport, _options, _stalls, _ahead) = (transport, options, stalls, ahead);
        _thread = new(AskAhead) { IsBackground = true, Name = "leases ahead" };
        _thread.Start();
    }

    /// <summary>Begins an epoch.</summary>
    /// <param name="epoch">The same items as on rank 0.</param>
    public void Begin(EpochItems epoch)
    {
        lock (_gate)
        {
            if (_epoch is not null && _answer != LeaseState.Finished)
                throw new InvalidOperationException($"epoch {_epoch.Epoch} is not over");

            (_epoch, _answer, _progress) = (epoch, null, default);
            _completed.Clear();
            _dropped.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes the next lease if there is one for this worker now.</summary>
    /// <remarks>
    /// For modes in which all workers take every step together: one that has nothing goes along with a weight of zero.
    /// Without a loss, and unless leases go to the worker that asks first, the sequence of leases does not depend on timing.
    /// </remarks>
    /// <param name="lease">The lease, or null.</param>
    public LeaseState Ask(out Lease? lease)
    {
        lock (_gate)
        {
            if (_epoch is null)
                throw new InvalidOperationException("no epoch has begun");

            using (_leases.Count == 0 && _answer is null ? _stalls?.Measure() : null)
            {
                while (_leases.Count == 0 && _answer is null && _failure is null && !_stopped)
                    Monitor.Wait(_gate, TimeSpan.FromSeconds(1));
            }

            if (_leases.TryDequeue(out lease))
            {
                Monitor.PulseAll(_gate);
                return LeaseState.Leased;
            }

            if (_failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
            ObjectDisposedException.ThrowIf(_stopped, this);

            var answer = _answer ?? LeaseState.Idle;
            if (answer == LeaseState.Idle)
            {
                // The next call asks anew.
                _answer = null;
                Monitor.PulseAll(_gate);
            }

            return answer;
        }
    }

    /// <summary>Takes the next lease; waits while others work on the last ones, which come here if one of them dies.</summary>
    /// <returns>The lease, or null when every item of the epoch is completed or dropped.</returns>
    /// <exception cref="TimeoutException">Nobody settled an item for <see cref="LeaseOptions.Patience"/>; the message has the
    /// holders.</exception>
    public Lease? Next()
    {
        var clock = new Deadline(_options.Time, _options.Patience);
        var settled = -1;
        for (var pause = Pause; ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            var state = Ask(out var lease);
            if (state != LeaseState.Idle)
                return lease;

            (int Settled, string Holders) progress;
            lock (_gate)
                progress = _progress;

            if (progress.Settled != settled)
                (settled, clock) = (progress.Settled, new(_options.Time, _options.Patience));
            else if (clock.Left <= TimeSpan.Zero)
            {
                throw new TimeoutException(
                    $"worker {_transport.Rank} waited {_options.Patience.TotalSeconds:0.#} s for the end of the epoch: {progress.Holders}");
            }

            Thread.Sleep(pause);
        }
    }

    /// <summary>Adds an item that this worker has trained on to the next <see cref="Report"/>.</summary>
    /// <param name="item">An index into the epoch's items.</param>
    /// <param name="frames">The number of frames trained on.</param>
    public void Complete(int item, int frames) => _completed.Add(new(item, frames));

    /// <summary>Adds an item that this worker cannot train on to the next <see cref="Report"/>.</summary>
    /// <param name="item">An index into the epoch's items.</param>
    /// <param name="reason">The reason.</param>
    public void Drop(int item, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        _dropped.Add(new(item, reason));
    }

    /// <summary>
    /// Sends the report to rank 0 and waits for its receipt. Where reports are held until a block has gone well, this is
    /// to be called before the block's sums, so that rank 0 knows before it commits.
    /// </summary>
    /// <param name="step">The trainer's step.</param>
    /// <exception cref="InvalidDataException">Rank 0 does not accept it; the message has the reason.</exception>
    public void Report(long step)
    {
        if (_completed.Count == 0 && _dropped.Count == 0)
            return;

        var epoch = _epoch?.Epoch ?? throw new InvalidOperationException("no epoch has begun");
        _transport.Send(Server, _options.Requests, LeaseMessages.Report(new(epoch, step, _completed, _dropped)));
        _completed.Clear();
        _dropped.Clear();
        var receipt = _transport.ReceiveMessage(Server, _options.Receipts, LeaseMessages.Maximum);
        _ = LeaseMessages.Read(receipt, Server, (kind, reader) => kind switch
        {
            LeaseMessageKind.Accepted => true,
            LeaseMessageKind.Refused => throw new InvalidDataException(
                $"worker 0 did not accept what worker {_transport.Rank} did: {reader.ReadString()}"),
            _ => throw new InvalidDataException($"worker 0 answered a report with the message kind {kind}"),
        });
    }

    /// <summary>Stops asking.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        // An answer under way comes at once; a server that is gone is not waited for.
        _thread.Join(TimeSpan.FromSeconds(1));
    }

    private void AskAhead()
    {
        try
        {
            EpochItems? begun = null;
            while (AwaitDemand() is { } epoch)
            {
                var clock = new Deadline(_options.Time, _options.Patience);
                while (!AskOnce(epoch, begins: epoch != begun))
                {
                    if (clock.Left <= TimeSpan.Zero)
                        throw new TimeoutException(
                            $"worker 0 did not begin epoch {epoch.Epoch} within {_options.Patience.TotalSeconds:0.#} s");

                    Thread.Sleep(Pause);
                }

                begun = epoch;
            }
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _failure = error;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private EpochItems? AwaitDemand()
    {
        lock (_gate)
        {
            while (!_stopped && (_epoch is null || _answer is not null || _leases.Count >= _options.Ahead))
                Monitor.Wait(_gate, TimeSpan.FromSeconds(1));

            return _stopped ? null : _epoch;
        }
    }

    /// <summary>Asks the server for a lease; false when the server has not begun this epoch yet.</summary>
    private bool AskOnce(EpochItems epoch, bool begins)
    {
        if (_stopped)
            return true;

        _transport.Send(Server, _options.Requests, LeaseMessages.Ask(epoch, begins));
        var message = _transport.ReceiveMessage(Server, _options.Answers, LeaseMessages.Maximum);
        return LeaseMessages.Read(message, Server, (kind, reader) => kind switch
        {
            LeaseMessageKind.Lease => Take(LeaseMessages.ReadLease(reader, epoch.Items.Count)),
            LeaseMessageKind.Idle => Note(LeaseState.Idle, (reader.ReadInt32(), reader.ReadString())),
            LeaseMessageKind.Finished => Note(LeaseState.Finished, default),
            LeaseMessageKind.NotYet => false,
            LeaseMessageKind.Refused => throw new InvalidDataException(
                $"worker 0 gives worker {_transport.Rank} no lease: {reader.ReadString()}"),
            _ => throw new InvalidDataException($"worker 0 answered with the message kind {kind}"),
        });
    }

    private bool Take(Lease lease)
    {
        lock (_gate)
        {
            _leases.Enqueue(lease);
            Monitor.PulseAll(_gate);
        }

        _ahead?.Invoke(lease);
        return true;
    }

    private bool Note(LeaseState answer, (int Settled, string Holders) progress)
    {
        lock (_gate)
        {
            (_answer, _progress) = (answer, progress);
            Monitor.PulseAll(_gate);
        }

        return true;
    }
}
