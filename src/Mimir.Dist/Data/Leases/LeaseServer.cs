using Mimir.Dist.Transports;

namespace Mimir.Dist.Data.Leases;

/// <summary>Deals out epochs on rank 0 and records the results. Serves from a thread of its own.</summary>
/// <remarks>
/// A worker that the transport counts as lost loses its leases at once, or, where reports are held, at the next
/// <see cref="Commit"/>. One that asks and is not in the group, because it was started in a lost one's place, takes part
/// from then on.
/// </remarks>
public sealed class LeaseServer : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    private readonly object _gate = new();
    private readonly ITransport _transport;
    private readonly LeaseBook _book;
    private readonly LeaseOptions _options;
    private readonly Thread _thread;
    private Exception? _failure;
    private volatile bool _stopped;

    /// <summary>Begins to serve; leases are there after <see cref="Begin"/>.</summary>
    /// <param name="transport">Joins this worker, rank 0, to the others and to itself.</param>
    /// <param name="ledger">The record, or null; the caller disposes of it.</param>
    /// <param name="options">Channels, limits and the log, the same on every worker.</param>
    public LeaseServer(ITransport transport, ILeaseRecord? ledger, LeaseOptions options)
    {
        if (transport.Rank != 0)
            throw new ArgumentException($"leases are served by rank 0, this is rank {transport.Rank}", nameof(transport));

        (_transport, _book, _options) = (transport, new(ledger, options), options);
        _thread = new(Serve) { IsBackground = true, Name = "leases" };
        _thread.Start();
    }

    /// <summary>True when every item of the epoch is completed or dropped.</summary>
    public bool Finished
    {
        get
        {
            lock (_gate)
                return _book.Current?.Finished ?? false;
        }
    }

    /// <summary>Begins an epoch, or goes on with one from a checkpoint.</summary>
    /// <param name="pool">The epoch; belongs to the server from now on.</param>
    /// <exception cref="InvalidOperationException">Something of the epoch before is neither completed nor dropped.</exception>
    public void Begin(LeasePool pool)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            _book.Begin(pool);
        }
    }

    /// <summary>
    /// Where reports are held, settles the reports of a block that has gone well; the items of other workers since the block before go
    /// back to the pool.
    /// </summary>
    /// <param name="step">The block's step: reports of later ones are for the next block.</param>
    /// <param name="block">The members of the block, also one that has been lost since.</param>
    public void Commit(long step, WorkerGroup block)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            _book.Commit(step, block, _transport.LossOf);
        }
    }

    /// <summary>Copies the state for a checkpoint; the ledger is on the disk up to here.</summary>
    public LeasePoolState Save()
    {
        lock (_gate)
        {
            ThrowIfFailed();
            return _book.Save();
        }
    }

    /// <summary>Stops serving.</summary>
    public void Dispose()
    {
        if (_stopped)
            return;

        _stopped = true;
        try
        {
            _transport.Send(_transport.Rank, _options.Requests, LeaseMessages.Say(LeaseMessageKind.Wake));
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or TimeoutException)
        {
            // The transport is gone; the thread stops by itself.
        }

        _thread.Join(TimeSpan.FromSeconds(5));
    }

    private void Serve()
    {
        while (!_stopped)
        {
            try
            {
                using var message = _transport.TakeAny(_options.Requests, Tick);
                Watch();
                if (message is not null)
                    Answer(message.Peer, message.Bytes);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (Exception error) when (error is PeerLostException or TimeoutException)
            {
                // The worker that asked is gone; the transport reports it from now on.
            }
            catch (Exception error)
            {
                lock (_gate)
                    _failure ??= error;
            }
        }
    }

    private void Answer(int peer, ReadOnlySpan<byte> message)
    {
        var (tag, answer) = (_options.Answers, Array.Empty<byte>());
        try
        {
            (tag, answer) = LeaseMessages.Read(message, peer, (kind, reader) => kind switch
            {
                LeaseMessageKind.Ask => (_options.Answers, Give(peer, reader.ReadInt32(), reader.ReadUInt64(), reader.ReadBoolean())),
                LeaseMessageKind.Report => (_options.Receipts, Take(peer, LeaseMessages.ReadReport(reader))),
                LeaseMessageKind.Wake => (_options.Answers, []),
                _ => throw new InvalidDataException($"worker {peer} sent the message kind {kind} to the server of leases"),
            });
        }
        catch (InvalidDataException error)
        {
            Log.LeaseMessageRefused(_options.Logger, error.Message);
        }

        if (answer.Length > 0)
            _transport.Send(peer, tag, answer);
    }

    private byte[] Give(int peer, int epoch, ulong fingerprint, bool begins)
    {
        lock (_gate)
        {
            if (_failure is { } failure)
                return LeaseMessages.Refuse(failure.Message);
            if (_book.Current is not { } pool || pool.Epoch.Epoch < epoch)
                return LeaseMessages.Say(LeaseMessageKind.NotYet);
            if (pool.Epoch.Epoch > epoch)
                return LeaseMessages.Say(LeaseMessageKind.Finished);
            if (pool.Epoch.Fingerprint != fingerprint)
                return LeaseMessages.Refuse($"epoch {epoch} has other items here: the workers see different corpora or seeds");
            if (begins && _book.HoldsReportsOf(peer))
                return LeaseMessages.Say(LeaseMessageKind.NotYet);
            if (begins && pool.Release(peer) is > 0 and var released)
                Log.LeasesReleased(_options.Logger, peer, released);
            if (pool.Group.IndexOf(peer) < 0)
            {
                pool.Join(peer);
                Log.LeasesJoined(_options.Logger, peer, epoch);
            }

            return pool.Take(peer, out var lease) switch
            {
                LeaseState.Leased when lease is not null => LeaseMessages.Give(lease),
                LeaseState.Finished => LeaseMessages.Say(LeaseMessageKind.Finished),
                _ => LeaseMessages.Idle(pool.Settled, LeaseBook.HoldersOf(pool)),
            };
        }
    }

    private byte[] Take(int peer, LeaseReport report)
    {
        lock (_gate)
        {
            if (_failure is { } failure)
                return LeaseMessages.Refuse(failure.Message);
            if (_book.Current?.Epoch.Epoch != report.Epoch)
                return LeaseMessages.Refuse($"epoch {report.Epoch} does not go on");

            try
            {
                _book.Take(peer, report);
                return LeaseMessages.Say(LeaseMessageKind.Accepted);
            }
            catch (ArgumentException error)
            {
                return LeaseMessages.Refuse(error.Message);
            }
            catch (IOException error)
            {
                _failure = error;
                return LeaseMessages.Refuse(error.Message);
            }
        }
    }

    private void Watch()
    {
        lock (_gate)
        {
            // Whether the last block of a lost worker counts is known when the block is over.
            if (!_options.HoldUntilCommit)
                _book.ReturnTheLost(_transport.LossOf);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new IOException($"the leases are served no longer: {failure.Message}", failure);
    }
}
