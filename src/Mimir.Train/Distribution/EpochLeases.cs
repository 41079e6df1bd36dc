using System.Diagnostics.CodeAnalysis;
using Mimir.Dist;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Leases;
using Mimir.Dist.Transports;

namespace Mimir.Train.Distribution;

/// <summary>A worker's dealings with the leases of an epoch; on the first worker, which serves them, the server's too.</summary>
/// <remarks>
/// What a worker has trained on counts when the block is in the model of all (ma, bmuf), or when it was pushed (asgd): see
/// docs/data-distribution.md.
/// </remarks>
internal sealed class EpochLeases : IDisposable
{
    private const int LongestLease = 20_000;
    private const int LeasesOfWorker = 32;

    private readonly WorkerTeam _team;
    private readonly LeaseServer? _server;
    private readonly LeaseClient _client;
    private readonly bool _firstCome;
    private readonly Action<EpochItems, LeasePoolState>? _resumed;
    private readonly List<(int Item, int Frames)> _open = [];
    private Queue<int> _items = new();
    private LeasePoolState? _checkpoint;

    /// <summary>Sits down.</summary>
    /// <param name="transport">Joins the workers.</param>
    /// <param name="team">Who they are now.</param>
    /// <param name="byBlock">Whether what was trained on counts only with its block; else at once.</param>
    /// <param name="firstCome">Whether leases go to who asks first; else they are dealt around, the same each time.</param>
    /// <param name="record">Where it is written down on the first worker; null: nowhere.</param>
    /// <param name="resumed">Told of an epoch that goes on from a checkpoint, on the first worker; null: nobody.</param>
    /// <param name="stalls">Counts the waits for leases.</param>
    /// <param name="log">Takes a line when items go back to the pool.</param>
    public EpochLeases(
        ITransport transport,
        WorkerTeam team,
        bool byBlock,
        bool firstCome,
        ILeaseRecord? record,
        Action<EpochItems, LeasePoolState>? resumed,
        StallMeter stalls,
        Action<string> log)
    {
        var options = new LeaseOptions { HoldUntilCommit = byBlock, Log = log };
        (_team, _firstCome, _resumed) = (team, firstCome, resumed);
        _server = transport.Rank == 0 ? new(transport, record, options) : null;
        _client = new(transport, options, stalls);
    }

    /// <summary>Gets whether every item of the epoch is settled; known to the first worker, true on the others.</summary>
    public bool Finished => _server?.Finished ?? true;

    /// <summary>Goes on within an epoch: the next one to begin is this; null: it begins at its beginning.</summary>
    public void Resume(LeasePoolState? checkpoint) => _checkpoint = checkpoint;

    /// <summary>Begins an epoch.</summary>
    public void Begin(EpochItems items)
    {
        _open.Clear();
        _items.Clear();
        if (_server is not null)
        {
            _server.Begin(_checkpoint is { } checkpoint
                ? LeasePool.Load(items, checkpoint, _team.Group)
                : new LeasePool(items, _team.Group, new() { FramesPerLease = FramesPerLease(items), FirstCome = _firstCome }));
            if (_checkpoint is not null)
                _resumed?.Invoke(items, _checkpoint);
        }

        _checkpoint = null;
        _client.Begin(items);
    }

    /// <summary>The next item of this worker's leases.</summary>
    /// <returns>False when there is none now: the others work on the last ones, which come back should one of them die.</returns>
    public bool TryNext(out int item)
    {
        while (!_items.TryDequeue(out item))
        {
            if (!TryLease(out var lease))
                return false;

            _items = new(lease.Items);
        }

        return true;
    }

    /// <summary>The next lease; items that are taken from it are the caller's business.</summary>
    public bool TryLease([NotNullWhen(true)] out Lease? lease) => _client.Ask(out lease) == LeaseState.Leased;

    /// <summary>Notes that the batch that is dealt now ends an item.</summary>
    public void Open(int item, int frames) => _open.Add((item, frames));

    /// <summary>Notes that the step with that batch was taken.</summary>
    public void CompleteOpen()
    {
        foreach (var (item, frames) in _open)
            _client.Complete(item, frames);
        _open.Clear();
    }

    /// <summary>Tells the first worker what was trained on until now.</summary>
    /// <param name="stamp">The block that it will be part of, or the step.</param>
    public void Report(long stamp)
    {
        CompleteOpen();
        _client.Report(stamp);
    }

    /// <summary>Makes count what was reported for blocks that are in the model; on the first worker.</summary>
    /// <param name="blocks">The blocks that are.</param>
    /// <param name="members">Who did the last of them.</param>
    public void Commit(long blocks, WorkerGroup members) => _server?.Commit(blocks, members);

    /// <summary>Ends an epoch of which nothing is left.</summary>
    public void End()
    {
        if (_client.Next() is { } lease)
            throw new InvalidOperationException($"lease {lease.Number} came at the end of an epoch");
    }

    /// <summary>What a checkpoint keeps, or null on other workers than the first.</summary>
    public LeasePoolState? Save() => _server?.Save().Pool;

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _server?.Dispose();
    }

    // Small enough that at the end of an epoch nobody waits long for the others.
    private int FramesPerLease(EpochItems items) =>
        (int)Math.Clamp(items.Frames / (LeasesOfWorker * _team.Size), 1, LongestLease);
}
