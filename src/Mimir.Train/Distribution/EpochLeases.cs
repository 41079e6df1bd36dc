using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Mimir.Dist;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Leases;

namespace Mimir.Train.Distribution;

/// <summary>A worker's lease client for the items of an epoch; on the coordinator the lease server too.</summary>
/// <remarks>
/// Trained items count when their block is in the model of all (ma, bmuf), or when they were pushed (asgd): see
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
    private readonly RunLedger? _ledger;
    private readonly List<(int Item, int Frames, Func<string?>? SetAside)> _open = [];
    private Queue<int> _items = new();
    private int _epoch;
    private LeasePoolState? _checkpoint;

    /// <summary>Starts the client, and on the coordinator the server.</summary>
    /// <param name="team">The workers.</param>
    /// <param name="byBlock">True when trained items count only with their block; else at once.</param>
    /// <param name="firstCome">True when leases go to the worker that asks first; else they are dealt around, the same each time.</param>
    /// <param name="ledger">The ledger on the coordinator; null for none.</param>
    /// <param name="stalls">Counts the waits for leases.</param>
    /// <param name="logger">Receives a message when items go back to the pool.</param>
    public EpochLeases(WorkerTeam team, bool byBlock, bool firstCome, RunLedger? ledger, StallMeter stalls, ILogger logger)
    {
        var options = new LeaseOptions { HoldUntilCommit = byBlock, Logger = logger };
        (_team, _firstCome, _ledger) = (team, firstCome, ledger);
        _server = team.IsCoordinator ? new(team.Transport, ledger, options) : null;
        _client = new(team.Transport, options, stalls);
    }

    /// <summary>True when every item of the epoch is settled; known to the coordinator, true on the others.</summary>
    public bool IsFinished => _server?.Finished ?? true;

    /// <summary>Makes the next epoch continue from a checkpoint; null: it begins at its beginning.</summary>
    public void Resume(LeasePoolState? checkpoint) => _checkpoint = checkpoint;

    /// <summary>Begins an epoch.</summary>
    public void Begin(EpochItems items)
    {
        _open.Clear();
        _items.Clear();
        _epoch = items.Epoch;
        if (_server is not null)
        {
            _server.Begin(_checkpoint is { } checkpoint
                ? LeasePool.Load(items, checkpoint, _team.Group)
                : new LeasePool(items, _team.Group, new() { FramesPerLease = FramesPerLease(items), FirstCome = _firstCome }));
            if (_checkpoint is not null)
                _ledger?.Resume(items, _checkpoint);
        }

        _checkpoint = null;
        _client.Begin(items);
    }

    /// <summary>Returns the next item of this worker's leases.</summary>
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

    /// <summary>Returns the next lease; the caller iterates over its items.</summary>
    public bool TryLease([NotNullWhen(true)] out Lease? lease) => _client.Ask(out lease) == LeaseState.Leased;

    /// <summary>Notes that the batch that is dealt now ends an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="frames">Its frames.</param>
    /// <param name="setAside">The reason why it is set aside once the step is taken, or null.</param>
    public void Open(int item, int frames, Func<string?>? setAside = null) => _open.Add((item, frames, setAside));

    /// <summary>Notes that the step with that batch was taken.</summary>
    public void CompleteOpen()
    {
        foreach (var (item, frames, setAside) in _open)
        {
            if (setAside?.Invoke() is { } reason)
                _client.Drop(item, reason);
            else
                _client.Complete(item, frames);
        }

        _open.Clear();
    }

    /// <summary>Reports the items trained until now to the coordinator.</summary>
    /// <param name="stamp">The block that they will be part of, or the step.</param>
    public void Report(long stamp)
    {
        CompleteOpen();
        _client.Report(stamp);
    }

    /// <summary>Commits the items that were reported for blocks that are in the model; on the coordinator.</summary>
    /// <param name="blocks">The blocks done.</param>
    /// <param name="members">The members that did the last of them.</param>
    public void Commit(long blocks, WorkerGroup members) => _server?.Commit(blocks, members);

    /// <summary>Ends an epoch of which nothing is left, when all workers know what is set aside.</summary>
    public void End()
    {
        if (_client.Next() is { } lease)
            throw new InvalidOperationException($"lease {lease.Number} came at the end of an epoch");

        _ledger?.EndLeased(_epoch);
    }

    /// <summary>The leases for a checkpoint, or null on other workers than the coordinator.</summary>
    public LeasePoolState? Save() => _server?.Save();

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _server?.Dispose();
    }

    // Small enough that workers wait little for each other at the end of an epoch.
    private int FramesPerLease(EpochItems items) =>
        (int)Math.Clamp(items.Frames / (LeasesOfWorker * _team.Size), 1, LongestLease);
}
