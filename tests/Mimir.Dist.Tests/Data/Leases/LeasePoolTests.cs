using Mimir.Base;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Leases;

namespace Mimir.Dist.Tests.Data.Leases;

public sealed class LeasePoolTests
{
    private static readonly LeasePoolOptions Options = new() { FramesPerLease = 30 };

    [Fact]
    public void Lease_i_belongs_to_worker_i_mod_N_whoever_asks_first()
    {
        var (early, late) = (Pool(3), Pool(3));

        var taken = Enumerable.Range(0, 3).ToDictionary(rank => rank, rank => TakeAll(early, rank));
        var reversed = Enumerable.Range(0, 3).Reverse().ToDictionary(rank => rank, rank => TakeAll(late, rank));

        Assert.All(taken, pair => Assert.Equal(Shape(pair.Value), Shape(reversed[pair.Key])));
        Assert.All(taken, pair => Assert.All(pair.Value, lease => Assert.Equal(pair.Key, lease.Number % 3)));
        Assert.Equal(Enumerable.Range(0, 20), taken.Values.SelectMany(leases => leases.SelectMany(lease => lease.Items)).Order());
        Assert.Equal([0, 1, 2], taken[0][0].Items);
    }

    [Fact]
    public void An_epoch_is_over_only_when_every_item_is_completed_or_dropped()
    {
        var pool = Pool(2);
        var (first, second) = (TakeAll(pool, 0), TakeAll(pool, 1));

        Complete(pool, 0, first);
        Assert.Equal(LeaseState.Idle, pool.Take(0, out _));
        Complete(pool, 1, second[..^1]);
        foreach (var item in second[^1].Items)
            pool.Drop(item, "too long");

        Assert.True(pool.Finished);
        Assert.Equal(LeaseState.Finished, pool.Take(1, out _));
    }

    [Fact]
    public void An_item_counts_once_and_only_for_who_holds_it()
    {
        var pool = Pool(2);
        pool.Take(0, out var lease);
        var item = lease!.Items[0];

        Assert.Contains(
            "worker 0 holds it", Assert.Throws<ArgumentException>(() => pool.Complete(1, item, 1, 10)).Message, StringComparison.Ordinal);
        pool.Complete(0, item, 1, 10);

        Assert.Contains(
            "it is completed", Assert.Throws<ArgumentException>(() => pool.Complete(0, item, 2, 10)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => pool.Drop(item, "late"));
        Assert.Contains(
            "nobody holds it", Assert.Throws<ArgumentException>(() => pool.Complete(1, 19, 2, 10)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_dead_worker_did_not_complete_goes_to_the_others(bool firstCome)
    {
        var pool = Pool(3, firstCome);
        pool.Take(1, out var lost);
        pool.Complete(1, lost!.Items[0], 1, 10);

        Assert.Equal(lost.Items.Count - 1, pool.Return(1));
        Assert.Equal(0, pool.Return(1));
        Complete(pool, 0, TakeAll(pool, 0));
        Complete(pool, 2, TakeAll(pool, 2));

        Assert.True(pool.Finished);
        Assert.Throws<ArgumentException>(() => pool.Take(1, out _));
        pool.Join(1);
        Assert.Equal(LeaseState.Finished, pool.Take(1, out _));
    }

    [Fact]
    public void Random_deaths_returns_and_checkpoints_lose_and_double_nothing()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var pool = Pool(4, firstCome: seed % 2 == 0, items: random.Next(60));
            var done = new Dictionary<int, int>();
            var held = Enumerable.Range(0, 4).ToDictionary(rank => rank, _ => new Queue<int>());
            for (var turn = 0; !pool.Finished; turn++)
            {
                Assert.True(turn < 5000);
                var rank = random.Next(4);
                switch (random.Next(20))
                {
                    case 3:
                        pool.Release(rank);
                        held[rank].Clear();
                        break;
                    case 0 when pool.Group.Size > 1:
                        pool.Return(rank);
                        held[rank].Clear();
                        break;
                    case 1:
                        pool.Join(rank);
                        break;
                    case 2:
                        pool = LeasePool.Load(pool.Epoch, pool.Save(), random.Next(2) == 0 ? pool.Group : WorkerGroup.All(4));
                        foreach (var queue in held.Values)
                            queue.Clear();
                        break;
                    case < 8 when pool.Group.IndexOf(rank) >= 0 && pool.Take(rank, out var lease) == LeaseState.Leased:
                        lease!.Items.ToList().ForEach(held[rank].Enqueue);
                        break;
                    default:
                        if (held[rank].TryDequeue(out var item))
                        {
                            pool.Complete(rank, item, turn, 10);
                            done[item] = done.GetValueOrDefault(item) + 1;
                        }

                        break;
                }
            }

            Assert.Equal(Enumerable.Range(0, pool.Epoch.Items.Count), done.Keys.Order());
            Assert.All(done.Values, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Load_with_the_same_group_gives_the_same_leases_as_an_unbroken_run()
    {
        var (whole, broken) = (Pool(3), Pool(3));
        foreach (var pool in (LeasePool[])[whole, broken])
        {
            pool.Take(1, out var first);
            Complete(pool, 1, [first!]);
        }

        broken.Take(1, out _);
        broken.Take(2, out _);
        var resumed = LeasePool.Load(Epoch(20), broken.Save(), WorkerGroup.All(3));

        Assert.All(Enumerable.Range(0, 3), rank => Assert.Equal(Shape(TakeAll(whole, rank)), Shape(TakeAll(resumed, rank))));
    }

    [Fact]
    public void Load_refuses_other_items_and_damage()
    {
        var state = Pool(2).Save();

        Assert.Throws<InputException>(() => LeasePool.Load(Epoch(21), state, WorkerGroup.All(2)));
        Assert.Throws<InputException>(() => LeasePool.Load(Epoch(20), state with { Leases = state.Leases[1..] }, WorkerGroup.All(2)));
        Assert.Throws<InputException>(() => LeasePool.Load(Epoch(20), state with { Completed = [0, 1000] }, WorkerGroup.All(2)));
        Assert.Throws<InputException>(() => LeasePool.Load(Epoch(20), state with { Members = [] }, WorkerGroup.All(2)));
    }

    internal static EpochItems Epoch(int items, int epoch = 1) =>
        new(epoch, [.. Enumerable.Range(0, items).Select(i => new DataItem($"utt{i:000}", 10))]);

    private static LeasePool Pool(int workers, bool firstCome = false, int items = 20) =>
        new(Epoch(items), WorkerGroup.All(workers), Options with { FirstCome = firstCome });

    private static List<Lease> TakeAll(LeasePool pool, int rank)
    {
        List<Lease> leases = [];
        while (pool.Take(rank, out var lease) == LeaseState.Leased)
            leases.Add(lease!);

        return leases;
    }

    private static void Complete(LeasePool pool, int rank, IEnumerable<Lease> leases)
    {
        foreach (var item in leases.SelectMany(lease => lease.Items))
            pool.Complete(rank, item, 1, 10);
    }

    private static List<string> Shape(List<Lease> leases) =>
        [.. leases.Select(lease => $"{lease.Number}: {string.Join(' ', lease.Items)}")];
}
