using Mimir.Base;

namespace Mimir.Dist.Data.Leases;

/// <summary>Options of the deal of an epoch.</summary>
public sealed record LeasePoolOptions
{
    /// <summary>Gets the frames after which a lease ends; it has at least one item.</summary>
    public int FramesPerLease { get; init; } = 20_000;

    /// <summary>
    /// True when a lease goes to the worker that asks first, so that slow workers get less. Otherwise lease i
    /// belongs to the worker i mod N of the group, and a run repeats bit by bit whatever the timing.
    /// </summary>
    public bool FirstCome { get; init; }
}

/// <summary>Deals the items of an epoch to workers: each item is settled exactly once, completed or dropped with a reason.</summary>
/// <remarks>A state machine without clock, thread or socket; the same calls give the same leases. One thread at a time.</remarks>
public sealed class LeasePool
{
    private readonly LeasePoolOptions _options;
    private readonly ItemHolders _holders;
    private readonly LeaseQueues _queues;
    private readonly SortedDictionary<int, List<Lease>> _issued = [];
    private int _numbers;

    /// <summary>Cuts an epoch into leases.</summary>
    /// <param name="epoch">The items in order.</param>
    /// <param name="group">The workers.</param>
    /// <param name="options">The size and the order of leases.</param>
    public LeasePool(EpochItems epoch, WorkerGroup group, LeasePoolOptions options)
        : this(epoch, group, options, ItemHolders.Waiting)
    {
        _queues.Deal(Cut(Enumerable.Range(0, epoch.Items.Count)), group);
    }

    private LeasePool(EpochItems epoch, WorkerGroup group, LeasePoolOptions options, int holder)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FramesPerLease, 1);
        (Epoch, Group, _options, _queues) = (epoch, group, options, new(options.FirstCome));
        _holders = new(epoch, holder);
    }

    /// <summary>Gets the epoch.</summary>
    public EpochItems Epoch { get; }

    /// <summary>Gets the workers that get leases.</summary>
    public WorkerGroup Group { get; private set; }

    /// <summary>Gets the number of items that are completed or dropped.</summary>
    public int Settled => _holders.Settled;

    /// <summary>True when every item is completed or dropped.</summary>
    public bool Finished => _holders.Settled == Epoch.Items.Count;

    /// <summary>True when the pool was restored from a checkpoint.</summary>
    internal bool Restored { get; private init; }

    /// <summary>Gives a worker its next lease.</summary>
    /// <param name="rank">A member of the group.</param>
    /// <param name="lease">The lease, or null.</param>
    /// <returns>Leased, idle for now, or finished.</returns>
    public LeaseState Take(int rank, out Lease? lease)
    {
        if (Group.IndexOf(rank) < 0)
            throw new ArgumentException($"worker {rank} is not in {Group}", nameof(rank));

        while (_queues.Next(rank) is { } next)
        {
            int[] items = [.. next.Items.Where(item => _holders[item] == ItemHolders.Waiting)];
            if (items.Length == 0)
                continue;

            foreach (var item in items)
                _holders[item] = rank;

            lease = next with { Items = items };
            Issued(rank).Add(lease);
            return LeaseState.Leased;
        }

        lease = null;
        return Finished ? LeaseState.Finished : LeaseState.Idle;
    }

    /// <summary>Settles an item that a worker has trained on.</summary>
    /// <param name="rank">The worker, which holds a lease of it.</param>
    /// <param name="item">An index into the epoch's items.</param>
    /// <param name="step">The trainer's step.</param>
    /// <param name="frames">The number of its frames that were trained on.</param>
    /// <exception cref="ArgumentException">The worker holds no lease of this item, so it would be counted twice.</exception>
    public void Complete(int rank, int item, long step, int frames)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        if (_holders[item] != rank)
        {
            throw new ArgumentException(
                $"worker {rank} completed '{Epoch.Items[item].Id}' in step {step} without a lease: {_holders.WhereIs(item)}", nameof(item));
        }

        _holders[item] = ItemHolders.Completed;
    }

    /// <summary>Settles an item that nobody trains on.</summary>
    /// <param name="item">An index into the epoch's items.</param>
    /// <param name="reason">The reason.</param>
    /// <exception cref="ArgumentException">It is settled already.</exception>
    public void Drop(int item, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (_holders.IsSettled(item))
            throw new ArgumentException($"'{Epoch.Items[item].Id}' cannot be dropped ({reason}): {_holders.WhereIs(item)}", nameof(item));

        _holders[item] = ItemHolders.Dropped;
    }

    /// <summary>Removes a dead worker: the items that it did not complete are dealt to the others.</summary>
    /// <param name="rank">Its rank.</param>
    /// <returns>The number of items that it held.</returns>
    public int Return(int rank)
    {
        if (Group.IndexOf(rank) < 0)
            return 0;
        if (Group.Size == 1)
            throw new InvalidOperationException($"worker {rank} is the last one of epoch {Epoch.Epoch}");

        var held = HeldBy(rank);
        Regroup(Group.Without(rank));
        return held;
    }

    /// <summary>Takes back the items of a worker that has been started anew; it may ask for more.</summary>
    /// <param name="rank">Its rank.</param>
    /// <returns>The number of items that it held.</returns>
    public int Release(int rank)
    {
        var held = HeldBy(rank);
        if (held > 0)
            Redeal(Group, holder => holder == rank || Group.IndexOf(holder) < 0);

        return held;
    }

    /// <summary>Adds a worker.</summary>
    /// <param name="rank">Its rank.</param>
    public void Join(int rank)
    {
        if (Group.IndexOf(rank) < 0)
            Regroup(Group.With(rank));
    }

    /// <summary>Deals all items that no member holds anew, those of former members first.</summary>
    /// <param name="group">The workers from now on.</param>
    public void Regroup(WorkerGroup group) => Redeal(group, rank => group.IndexOf(rank) < 0);

    /// <summary>The workers that hold items which are not settled, with their number.</summary>
    public IReadOnlyList<(int Rank, int Items)> Held() =>
        [.. _issued.Keys.Select(rank => (rank, HeldBy(rank))).Where(pair => pair.Item2 > 0)];

    /// <summary>True when a worker holds an item.</summary>
    internal bool Holds(int rank, int item) => (uint)item < (uint)Epoch.Items.Count && _holders[item] == rank;

    /// <summary>Copies the state for a checkpoint.</summary>
    public LeasePoolState Save() => new()
    {
        Epoch = Epoch.Epoch,
        Fingerprint = Epoch.Fingerprint,
        FramesPerLease = _options.FramesPerLease,
        FirstCome = _options.FirstCome,
        Members = [.. Group.Members],
        Numbers = _numbers,
        Completed = IndexRuns.Of(_holders.Of(ItemHolders.Completed)),
        Dropped = IndexRuns.Of(_holders.Of(ItemHolders.Dropped)),
        Leases =
        [
            .. _issued.SelectMany(pair => pair.Value.Select(lease => Save(pair.Key, lease, pair.Key))),
            .. _queues.All().Select(pair => Save(pair.Rank, pair.Lease, ItemHolders.Waiting)),
        ],
    };

    /// <summary>
    /// Restores a pool from a checkpoint. Items that were leased and not completed are leased again first, to the same worker.
    /// </summary>
    /// <param name="epoch">The same items as then.</param>
    /// <param name="state">The state.</param>
    /// <param name="group">The workers; when they are others than then, all items that are left are dealt anew.</param>
    /// <exception cref="InputException">The state is not one of these items.</exception>
    public static LeasePool Load(EpochItems epoch, LeasePoolState state, WorkerGroup group)
    {
        state.Check(epoch);
        var then = new WorkerGroup(state.Members, 1);
        var pool = new LeasePool(
            epoch, then, new() { FramesPerLease = state.FramesPerLease, FirstCome = state.FirstCome }, ItemHolders.Dropped)
        {
            _numbers = state.Numbers,
            Restored = true,
        };
        foreach (var item in IndexRuns.Expand(state.Completed, epoch.Items.Count))
            pool._holders[item] = ItemHolders.Completed;

        foreach (var saved in state.Leases)
        {
            var lease = new Lease(saved.Number, IndexRuns.Expand(saved.Items, epoch.Items.Count));
            foreach (var item in lease.Items)
                pool._holders[item] = ItemHolders.Waiting;

            pool._queues.Put(saved.Rank, lease);
        }

        if (pool.Settled != IndexRuns.Count(state.Completed) + IndexRuns.Count(state.Dropped))
            throw new InputException($"the leases of epoch {epoch.Epoch} in the checkpoint do not add up; start from another checkpoint");

        if (!group.Members.SequenceEqual(then.Members))
            pool.Regroup(group);
        else
            pool.Group = group;
        return pool;
    }

    private void Redeal(WorkerGroup group, Predicate<int> gone)
    {
        List<int> orphans = [];
        foreach (var rank in _issued.Keys.Where(rank => gone(rank)).ToList())
        {
            orphans.AddRange(_issued[rank].SelectMany(lease => lease.Items).Where(item => _holders[item] == rank));
            _issued.Remove(rank);
        }

        orphans.Sort();
        foreach (var item in orphans)
            _holders[item] = ItemHolders.Waiting;

        Group = group;
        _queues.Deal([.. Cut(orphans), .. _queues.Drain()], group);
    }

    private int HeldBy(int rank) =>
        _issued.TryGetValue(rank, out var leases) ? leases.Sum(lease => lease.Items.Count(item => _holders[item] == rank)) : 0;

    private SavedLease Save(int rank, Lease lease, int holder) =>
        new(rank, lease.Number, IndexRuns.Of(lease.Items.Where(item => _holders[item] == holder)));

    private List<Lease> Cut(IEnumerable<int> items)
    {
        List<Lease> leases = [];
        List<int> current = [];
        var frames = 0L;
        foreach (var item in items)
        {
            current.Add(item);
            frames += Epoch.Items[item].Frames;
            if (frames < _options.FramesPerLease)
                continue;

            leases.Add(new(_numbers++, [.. current]));
            current.Clear();
            frames = 0;
        }

        if (current.Count > 0)
            leases.Add(new(_numbers++, [.. current]));
        return leases;
    }

    private List<Lease> Issued(int rank)
    {
        if (!_issued.TryGetValue(rank, out var leases))
            _issued.Add(rank, leases = []);

        leases.RemoveAll(lease => lease.Items.All(item => _holders[item] != rank));
        return leases;
    }
}
