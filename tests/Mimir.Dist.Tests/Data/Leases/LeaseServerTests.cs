using System.Collections.Concurrent;
using Mimir.Base.Logging;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Leases;
using Mimir.Dist.Data.Ledgers;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Data.Leases;

public sealed class LeaseServerTests : IDisposable
{
    private static readonly LeasePoolOptions Deal = new() { FramesPerLease = 40 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly ConcurrentQueue<string> _log = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("in process", 1, false)]
    [InlineData("in process", 3, false)]
    [InlineData("in process", 4, true)]
    [InlineData("tcp", 3, false)]
    public void Every_item_is_done_once_per_epoch_and_the_ledger_proves_it(string kind, int workers, bool firstCome)
    {
        using var job = Job.Start(kind, workers);
        using var ledger = Ledger.Create(_folder.FullName, LeasePoolTests.Epoch(101).Items);

        job.Together(transport =>
        {
            using var server = transport.Rank == 0 ? new LeaseServer(transport, ledger, Options()) : null;
            using var client = new LeaseClient(transport, Options());
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                var items = LeasePoolTests.Epoch(101, epoch);
                server?.Begin(new(items, WorkerGroup.All(workers), Deal with { FirstCome = firstCome }));
                client.Begin(items);
                Work(client, transport.Rank);
            }

            Leave(transport, workers);
        });
        ledger.Flush();

        var audit = LedgerAudit.Run(_folder.FullName);
        Assert.True(audit.Sound, audit.ToText(10));
        Assert.Equal([101, 101, 101], audit.Epochs.Select(epoch => epoch.Completed));
        Assert.All(audit.Epochs, epoch => Assert.True(epoch.Ended));
    }

    [Fact]
    public void The_leases_of_a_worker_do_not_depend_on_timing()
    {
        var runs = Enumerable.Range(0, 3).Select(seed =>
        {
            var taken = new ConcurrentDictionary<int, string>();
            using var job = Job.Start("in process", 3);
            job.Together(inner =>
            {
                var transport = new DelayedTransport(inner, seed * 10 + inner.Rank);
                using var server = inner.Rank == 0 ? new LeaseServer(transport, null, Options()) : null;
                using var client = new LeaseClient(transport, Options());
                server?.Begin(new(LeasePoolTests.Epoch(50), WorkerGroup.All(3), Deal));
                client.Begin(LeasePoolTests.Epoch(50));
                taken[inner.Rank] = string.Join("; ", Work(client, inner.Rank).Select(lease => string.Join(' ', lease.Items)));
                Leave(inner, 3);
            });
            return string.Join('\n', taken.OrderBy(pair => pair.Key).Select(pair => pair.Value));
        }).ToList();

        Assert.Single(runs.Distinct());
    }

    [Fact]
    public void A_worker_with_nothing_left_learns_so_at_once()
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(10));
        using var server = new LeaseServer(transports[0], null, Options());
        using var other = new LeaseClient(transports[0], Options());
        using var client = new LeaseClient(transports[1], Options());
        var items = LeasePoolTests.Epoch(4);
        server.Begin(new(items, WorkerGroup.All(2), Deal));
        other.Begin(items);
        client.Begin(items);

        // All four items are one lease, that of worker 0.
        Assert.Equal(LeaseState.Leased, other.Ask(out var lease));
        Assert.Equal(LeaseState.Idle, client.Ask(out _));
        Assert.Equal(LeaseState.Idle, client.Ask(out _));
        other.Drop(lease!.Items[0], "no transcript");
        lease.Items.Skip(1).ToList().ForEach(item => other.Complete(item, 10));
        other.Report(step: 3);

        Assert.Null(client.Next());
        Assert.Null(other.Next());
        Assert.True(server.Finished);
    }

    [Fact]
    public void Leases_of_a_failed_worker_go_to_the_others_and_it_may_come_back()
    {
        var transports = InProcessTransport.Create(3, TimeSpan.FromSeconds(10));
        using var ledger = Ledger.Create(_folder.FullName, LeasePoolTests.Epoch(60).Items);
        using var server = new LeaseServer(transports[0], ledger, Options());
        var items = LeasePoolTests.Epoch(60);
        server.Begin(new(items, WorkerGroup.All(3), Deal));
        var dying = new LeaseClient(transports[1], Options());
        dying.Begin(items);
        Complete(dying, dying.Next()!, step: 1);
        dying.Next();

        transports[1].Fail();
        WaitFor(() => _log.Any(line => line.Contains("of worker 1 go back", StringComparison.Ordinal)));
        var again = transports[1].Restart();
        Assert.True(transports[0].Readmit(1));
        Job.Together(3, rank =>
        {
            using var client = new LeaseClient(rank == 1 ? again : transports[rank], Options());
            client.Begin(items);
            Work(client, rank);
        });
        ledger.Flush();

        var audit = LedgerAudit.Run(_folder.FullName);
        Assert.True(audit.Sound, audit.ToText(10));
        Assert.Contains(_log, line => line.Contains("worker 1 takes part", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_workers_last_block_counts_when_it_went_well_and_not_otherwise()
    {
        var options = Options() with { HoldUntilCommit = true };
        var transports = InProcessTransport.Create(3, TimeSpan.FromSeconds(10));
        using var ledger = Ledger.Create(_folder.FullName, LeasePoolTests.Epoch(48).Items);
        using var server = new LeaseServer(transports[0], ledger, options);
        var items = LeasePoolTests.Epoch(48);
        server.Begin(new(items, WorkerGroup.All(3), Deal));
        var clients = transports.Select(transport => new LeaseClient(transport, options)).ToList();
        clients.ForEach(client => client.Begin(items));

        // Block 1 goes well with all three, of which worker 2 fails right after.
        clients.ForEach(client => Complete(client, client.Next()!, step: 1));
        transports[2].Fail();
        Assert.Empty(server.Save().CompletedItems());
        server.Commit(1, WorkerGroup.All(3));
        Assert.Equal(12, server.Save().CompletedItems().Count());

        // Worker 1 reports block 2 and fails before its sums are through.
        Complete(clients[1], clients[1].Next()!, step: 2);
        transports[1].Fail();
        server.Commit(2, new WorkerGroup([0], 2));
        Assert.Equal(12, server.Save().CompletedItems().Count());
        while (clients[0].Ask(out var lease) is var state && state != LeaseState.Finished)
        {
            if (state == LeaseState.Leased)
                Complete(clients[0], lease!, step: 3);
            server.Commit(3, new WorkerGroup([0], 2));
        }

        ledger.Flush();
        clients.ForEach(client => client.Dispose());
        var audit = LedgerAudit.Run(_folder.FullName);
        Assert.True(audit.Sound, audit.ToText(10));
        Assert.Equal([40, 4, 4], audit.Epochs[0].ByRank.Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_worker_started_anew_before_anybody_saw_its_loss_leaves_nothing_behind(bool hold)
    {
        var options = Options() with { HoldUntilCommit = hold };
        var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(10));
        using var server = new LeaseServer(transports[0], null, options);
        var items = LeasePoolTests.Epoch(16);
        server.Begin(new(items, WorkerGroup.All(2), Deal));
        using (var first = new LeaseClient(transports[1], options))
        {
            first.Begin(items);
            Complete(first, first.Next()!, step: 1);
            Assert.NotNull(first.Next());
        }

        using var again = new LeaseClient(transports[1], options);
        using var other = new LeaseClient(transports[0], options);
        again.Begin(items);
        other.Begin(items);
        if (hold)
        {
            Thread.Sleep(50);
            server.Commit(1, WorkerGroup.All(2));
        }

        foreach (var client in (LeaseClient[])[again, other])
        {
            while (client.Ask(out var lease) == LeaseState.Leased)
                Complete(client, lease!, step: 2);
        }

        server.Commit(2, WorkerGroup.All(2));
        foreach (var client in (LeaseClient[])[again, other])
        {
            while (client.Ask(out var lease) is var state && state != LeaseState.Finished)
            {
                if (state == LeaseState.Leased)
                    Complete(client, lease!, step: 3);
                server.Commit(3, WorkerGroup.All(2));
            }
        }

        Assert.Equal(16, server.Save().CompletedItems().Count());
        Assert.Contains(_log, line => line.Contains("worker 1 was started anew", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_goes_on_from_a_checkpoint_with_fewer_workers_and_the_ledger_stays_sound()
    {
        var items = LeasePoolTests.Epoch(30);
        LeasePoolState state;
        long bytes;
        using (var ledger = Ledger.Create(_folder.FullName, items.Items))
        {
            var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(10));
            using var server = new LeaseServer(transports[0], ledger, Options());
            using var client = new LeaseClient(transports[1], Options());
            server.Begin(new(items, WorkerGroup.All(2), Deal));
            client.Begin(items);
            Complete(client, client.Next()!, step: 1);
            state = server.Save();
            bytes = new FileInfo(At(Ledger.FileName)).Length;
            Complete(client, client.Next()!, step: 2);
        }

        File.AppendAllText(At(Ledger.FileName), "{\"epoch\":1,\"utter");
        using (var ledger = Ledger.Open(_folder.FullName, bytes))
        {
            var transports = InProcessTransport.Create(1, TimeSpan.FromSeconds(10));
            using var server = new LeaseServer(transports[0], ledger, Options());
            using var client = new LeaseClient(transports[0], Options());
            server.Begin(LeasePool.Load(items, state, WorkerGroup.All(1)));
            client.Begin(items);
            Work(client, 0);
        }

        var audit = LedgerAudit.Run(_folder.FullName);
        Assert.True(audit.Sound, audit.ToText(10));
        Assert.Equal(4, audit.Epochs.Single().ByRank[1]);
    }

    [Fact]
    public void Waits_are_bounded_and_name_who_is_waited_for()
    {
        var options = Options() with { Patience = TimeSpan.FromMilliseconds(200) };
        var transports = InProcessTransport.Create(2, TimeSpan.FromMilliseconds(300));
        using var client = new LeaseClient(transports[1], options);
        client.Begin(LeasePoolTests.Epoch(8));
        Assert.Contains("worker 0", Assert.Throws<TimeoutException>(client.Next).Message, StringComparison.Ordinal);

        using var server = new LeaseServer(transports[0], null, options);
        using var waiting = new LeaseClient(transports[0], options);
        waiting.Begin(LeasePoolTests.Epoch(8));
        Assert.Contains("did not begin epoch 1", Assert.Throws<TimeoutException>(waiting.Next).Message, StringComparison.Ordinal);

        // Worker 1 takes its lease and does nothing.
        server.Begin(new(LeasePoolTests.Epoch(8), WorkerGroup.All(2), Deal));
        using var idle = new LeaseClient(transports[1], options);
        idle.Begin(LeasePoolTests.Epoch(8));
        idle.Next();
        using var ends = new LeaseClient(transports[0], options);
        ends.Begin(LeasePoolTests.Epoch(8));
        Complete(ends, ends.Next()!, step: 1);
        Assert.Contains("worker 1 holds 4 items", Assert.Throws<TimeoutException>(ends.Next).Message, StringComparison.Ordinal);

        transports[0].Fail();
        idle.Complete(0, 1);
        Assert.Equal(0, Assert.Throws<PeerLostException>(() => idle.Report(2)).Peer);
    }

    [Fact]
    public void Workers_with_other_items_and_wrong_reports_are_refused_by_name()
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(10));
        using var server = new LeaseServer(transports[0], null, Options());
        using var client = new LeaseClient(transports[1], Options());
        using var other = new LeaseClient(transports[0], Options());
        server.Begin(new(LeasePoolTests.Epoch(8), WorkerGroup.All(2), Deal));

        client.Begin(LeasePoolTests.Epoch(9));
        other.Begin(LeasePoolTests.Epoch(8));
        other.Complete(other.Next()!.Items[0], 10);
        other.Complete(7, 10);

        Assert.Contains("different corpora", Assert.Throws<InvalidDataException>(client.Next).Message, StringComparison.Ordinal);
        Assert.Contains("without a lease", Assert.Throws<InvalidDataException>(() => other.Report(1)).Message, StringComparison.Ordinal);
        transports[1].Send(0, new(240), [1, 2]);
        WaitFor(() => _log.Any(line => line.Contains("worker 1 sent a message about leases", StringComparison.Ordinal)));
    }

    [Fact]
    public void Leases_are_told_ahead_of_their_use()
    {
        var transports = InProcessTransport.Create(1, TimeSpan.FromSeconds(10));
        var ahead = new ConcurrentQueue<Lease>();
        var stalls = new StallMeter(TimeProvider.System);
        using var server = new LeaseServer(transports[0], null, Options());
        using var client = new LeaseClient(transports[0], Options() with { Ahead = 2 }, stalls, ahead.Enqueue);
        client.Begin(LeasePoolTests.Epoch(40));
        var late = new Thread(() =>
        {
            Thread.Sleep(20);
            server.Begin(new(LeasePoolTests.Epoch(40), WorkerGroup.All(1), Deal));
        });
        late.Start();

        client.Next();
        late.Join();
        WaitFor(() => ahead.Count == 3);

        Assert.Equal([0, 1, 2], ahead.Select(lease => lease.Number));
        Assert.True(stalls.Stalled > TimeSpan.Zero);
    }

    private static List<Lease> Work(LeaseClient client, int rank)
    {
        List<Lease> leases = [];
        while (client.Next() is { } lease)
        {
            leases.Add(lease);
            Complete(client, lease, leases.Count);
            if (rank == 1)
                Thread.Sleep(1);
        }

        return leases;
    }

    private static void Complete(LeaseClient client, Lease lease, long step)
    {
        foreach (var item in lease.Items)
            client.Complete(item, 10);

        client.Report(step);
    }

    /// <summary>The server stays until all others have learnt that the epoch is over.</summary>
    private static void Leave(ITransport transport, int workers)
    {
        using var collective = new Mimir.Dist.Collectives.ReferenceCollective(transport, WorkerGroup.All(workers));
        collective.Barrier();
    }

    private static void WaitFor(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(10)));

    private LeaseOptions Options() => new() { Logger = new LineLogger(_log.Enqueue) };

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
