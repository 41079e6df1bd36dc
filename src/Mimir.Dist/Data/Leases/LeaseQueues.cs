namespace Mimir.Dist.Data.Leases;

/// <summary>The leases that nobody holds: a queue for each worker, or one for all.</summary>
/// <param name="shared">True for one queue for all.</param>
internal sealed class LeaseQueues(bool shared)
{
    private const int Everyone = -1;

    private readonly SortedDictionary<int, Queue<Lease>> _queues = [];

    public Lease? Next(int rank) => Queue(rank).TryDequeue(out var lease) ? lease : null;

    public void Put(int rank, Lease lease) => Queue(rank).Enqueue(lease);

    /// <summary>Deals leases around a group.</summary>
    public void Deal(IReadOnlyList<Lease> leases, WorkerGroup group)
    {
        for (var i = 0; i < leases.Count; i++)
            Put(group.Members[i % group.Size], leases[i]);
    }

    /// <summary>Takes all out, in the order of their numbers.</summary>
    public List<Lease> Drain()
    {
        var leases = All().Select(pair => pair.Lease).OrderBy(lease => lease.Number).ToList();
        _queues.Clear();
        return leases;
    }

    public IEnumerable<(int Rank, Lease Lease)> All() => _queues.SelectMany(pair => pair.Value.Select(lease => (pair.Key, lease)));

    private Queue<Lease> Queue(int rank)
    {
        var key = shared ? Everyone : rank;
        if (!_queues.TryGetValue(key, out var queue))
            _queues.Add(key, queue = []);

        return queue;
    }
}
