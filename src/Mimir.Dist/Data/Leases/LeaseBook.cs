namespace Mimir.Dist.Data.Leases;

/// <summary>Records the items that a <see cref="LeaseServer"/> settles, in order.</summary>
public interface ILeaseRecord
{
    /// <summary>Records the beginning of an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    void Begin(EpochItems epoch);

    /// <summary>Records that an item was trained on.</summary>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="rank">The worker.</param>
    /// <param name="step">The step, or block, that it reported.</param>
    /// <param name="frames">The frames trained on.</param>
    void Complete(int epoch, string item, int? rank, long step, int frames);

    /// <summary>Records that nobody trains on an item.</summary>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="reason">The reason.</param>
    void Drop(int epoch, string item, string reason);

    /// <summary>Records the end of an epoch.</summary>
    /// <param name="epoch">Its number.</param>
    void End(int epoch);

    /// <summary>Flushes to the system, so that other processes can read it.</summary>
    void Flush();

    /// <summary>Flushes to the disk, for a checkpoint.</summary>
    /// <returns>The length in bytes.</returns>
    long Sync();
}

/// <summary>
/// The epoch that a server deals out, the reports that are held back, and the record of them. Without thread and
/// messages; one thread at a time.
/// </summary>
/// <param name="ledger">Where it is written down; null: nowhere.</param>
/// <param name="options">The holding of reports, and the log.</param>
internal sealed class LeaseBook(ILeaseRecord? ledger, LeaseOptions options)
{
    private readonly SortedDictionary<int, List<LeaseReport>> _held = [];
    private bool _closed;

    /// <summary>Gets the epoch, or null before the first.</summary>
    public LeasePool? Current { get; private set; }

    private LeasePool Pool => Current ?? throw new InvalidOperationException("no epoch has begun");

    /// <summary>Begins an epoch, or goes on with one.</summary>
    public void Begin(LeasePool pool)
    {
        if (Current is { Finished: false } running)
            throw new InvalidOperationException($"epoch {running.Epoch.Epoch} is not over: {HoldersOf(running)}");

        Current = pool;
        _held.Clear();
        _closed = pool.Restored && pool.Finished;
        if (!pool.Restored)
            ledger?.Begin(pool.Epoch);
        CloseIfFinished(pool);
    }

    /// <summary>Takes a worker's report, or holds it back until its block has gone well.</summary>
    /// <exception cref="ArgumentException">It holds no lease of something in it.</exception>
    public void Take(int rank, LeaseReport report)
    {
        if (options.HoldUntilCommit)
            Hold(Pool, rank, report);
        else
            Settle(Pool, rank, report);

        CloseIfFinished(Pool);
    }

    /// <summary>Settles the reports of a block's members, and takes back the items of lost workers.</summary>
    /// <param name="step">The block's step.</param>
    /// <param name="block">Its members.</param>
    /// <param name="lossOf">The reason why a worker is lost, or null.</param>
    public void Commit(long step, WorkerGroup block, Func<int, string?> lossOf)
    {
        foreach (var (rank, reports) in _held)
        {
            if (block.IndexOf(rank) >= 0)
                reports.Where(report => report.Step <= step).ToList().ForEach(report => Settle(Pool, rank, report));

            reports.RemoveAll(report => report.Step <= step);
        }

        ReturnTheLost(lossOf);
        CloseIfFinished(Pool);
    }

    /// <summary>Removes the lost workers.</summary>
    /// <param name="lossOf">The reason why a worker is lost, or null.</param>
    public void ReturnTheLost(Func<int, string?> lossOf)
    {
        foreach (var rank in Current?.Group.Members.ToList() ?? [])
        {
            if (lossOf(rank) is { } reason)
                Return(rank, reason);
        }
    }

    /// <summary>Removes a worker.</summary>
    public void Return(int rank, string reason)
    {
        _held.Remove(rank);
        if (Pool.Finished || Pool.Group.IndexOf(rank) < 0)
            return;

        var count = Pool.Return(rank);
        Log.LeasesReturned(options.Logger, count, rank, Pool.Epoch.Epoch, reason);
    }

    /// <summary>True when a worker's reports wait for their block.</summary>
    public bool HoldsReportsOf(int rank) => _held.TryGetValue(rank, out var reports) && reports.Count > 0;

    /// <summary>Copies the state for a checkpoint; the ledger is on the disk up to here.</summary>
    public LeasePoolState Save()
    {
        ledger?.Sync();
        return Pool.Save();
    }

    /// <summary>The number of items that each worker holds, in words.</summary>
    public static string HoldersOf(LeasePool pool) =>
        string.Join(", ", pool.Held().Select(held => $"worker {held.Rank} holds {held.Items} items"));

    private void Settle(LeasePool pool, int rank, LeaseReport report)
    {
        foreach (var (item, frames) in report.Completed)
        {
            pool.Complete(rank, item, report.Step, frames);
            ledger?.Complete(pool.Epoch.Epoch, pool.Epoch.Items[item].Id, rank, report.Step, frames);
        }

        foreach (var (item, reason) in report.Dropped)
            Drop(pool, item, reason);

        ledger?.Flush();
    }

    private void Drop(LeasePool pool, int item, string reason)
    {
        pool.Drop(item, reason);
        ledger?.Drop(pool.Epoch.Epoch, pool.Epoch.Items[item].Id, reason);
    }

    private void CloseIfFinished(LeasePool pool)
    {
        if (_closed || !pool.Finished)
            return;

        ledger?.End(pool.Epoch.Epoch);
        _closed = true;
    }

    private void Hold(LeasePool pool, int rank, LeaseReport report)
    {
        foreach (var item in report.Completed.Select(done => done.Item).Concat(report.Dropped.Select(drop => drop.Item)))
        {
            if (!pool.Holds(rank, item))
                throw new ArgumentException($"worker {rank} reports item {item} in step {report.Step} without a lease");
        }

        if (!_held.TryGetValue(rank, out var reports))
            _held.Add(rank, reports = []);

        reports.Add(report);
    }
}
