using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Dist;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Ledgers;
using Mimir.Dist.Transports;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Distribution;

public sealed class LeasedEpochTests : IDisposable
{
    private static readonly int[] Lengths = [40, 1, 0, 77, 23, 23, 60, 5, 31, 90, 12, 44];
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-leases-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(BatchUnit.Frames, true)]
    [InlineData(BatchUnit.Frames, false)]
    [InlineData(BatchUnit.Utterances, true)]
    [InlineData(BatchUnit.Chunks, true)]
    [InlineData(BatchUnit.Chunks, false)]
    public async Task All_workers_together_have_every_frame_once_and_the_ledger_says_so(BatchUnit unit, bool byBlock)
    {
        const int Workers = 3;
        var rows = new List<int>[Workers];
        using var ends = new Barrier(Workers);

        await Job(Workers, unit, byBlock, (transport, leases, dealer) =>
        {
            for (var epoch = 1; epoch <= 2; epoch++)
            {
                rows[transport.Rank] = [];
                dealer.Start(epoch);
                while (dealer.TryNext(out var batch))
                    rows[transport.Rank].AddRange(batch.Rows);

                leases.Report(epoch);
                ends.SignalAndWait();
                leases.Commit(epoch, WorkerGroup.All(Workers));
                leases.End();

                // The first worker serves the others until all have heard that the epoch is over.
                ends.SignalAndWait();
            }
        });

        Assert.Equal(Enumerable.Range(0, Lengths.Sum()), rows.SelectMany(own => own).Order());
        var audit = LedgerAudit.Run(_folder);
        Assert.True(audit.Sound, audit.ToText(10));
        Assert.Equal([Lengths.Sum(), Lengths.Sum()], audit.Epochs.Select(epoch => (int)epoch.Frames));
        Assert.All(audit.Epochs, epoch => Assert.Equal([("lost", "no alignment")], epoch.Dropped));
    }

    [Theory]
    [InlineData(BatchUnit.Frames)]
    [InlineData(BatchUnit.Utterances)]
    [InlineData(BatchUnit.Chunks)]
    public async Task What_a_lost_worker_had_not_in_the_model_goes_to_the_others(BatchUnit unit)
    {
        List<int> rows = [];
        using var dead = new ManualResetEventSlim();

        await Job(2, unit, byBlock: true, (transport, leases, dealer) =>
        {
            dealer.Start(1);
            if (transport.Rank == 1)
            {
                // It is lost in the middle of a block.
                dealer.TryNext(out _);
                leases.Dispose();
                transport.Dispose();
                dead.Set();
                return;
            }

            while (dealer.TryNext(out var batch))
                rows.AddRange(batch.Rows);
            Assert.True(dead.Wait(TimeSpan.FromSeconds(20)));
            leases.Report(1);
            leases.Commit(1, WorkerGroup.All(2));
            for (var block = 2; !leases.IsFinished && block < 100; block++)
            {
                // What was heard before the commit may say that there is nothing.
                while (dealer.TryNext(out var batch))
                    rows.AddRange(batch.Rows);
                leases.Report(block);
                leases.Commit(block, WorkerGroup.All(1));
            }

            leases.End();
        });

        Assert.Equal(Enumerable.Range(0, Lengths.Sum()), rows.Order());
        Assert.True(LedgerAudit.Run(_folder).Sound);
    }

    [Fact]
    public void A_ledger_of_workers_that_step_together_is_sound_only_when_all_frames_were_counted()
    {
        var corpus = Corpus();
        BatchRecipe batches = new() { Frames = 32, ShuffleWindow = 100 };
        using (var ledger = new RunLedger(_folder, corpus, batches.Unit, () => BatchDealers.ForTraining(Lengths, batches, 3), null))
        {
            ledger.Begin(1);
            ledger.EndTogether(1, Lengths.Sum(), first: 0);
            ledger.Begin(2);
            ledger.EndTogether(2, Lengths.Sum() - 1, first: 0);
        }

        var audit = LedgerAudit.Run(_folder);

        Assert.Equal([true, false], audit.Epochs.Select(epoch => epoch.Sound));
        Assert.Equal(Lengths.Count(length => length > 0), audit.Epochs[1].Lost.Count);
    }

    private async Task Job(int workers, BatchUnit unit, bool byBlock, Action<ITransport, EpochLeases, IBatchDealer> work)
    {
        var corpus = Corpus();
        BatchRecipe batches = new() { Unit = unit, Frames = 32, ShuffleWindow = 100, Streams = 2, Chunk = 7 };
        using var ledger = new RunLedger(_folder, corpus, unit, () => BatchDealers.ForTraining(Lengths, batches, 3), null);
        await Task.WhenAll(InProcessTransport.Create(workers, TimeSpan.FromSeconds(20)).Select(transport => Task.Factory.StartNew(
            () =>
            {
                using var team = WorkerTeam.Of(transport);
                using var leases = new EpochLeases(
                    team, byBlock, firstCome: !byBlock, transport.Rank == 0 ? ledger : null, new StallMeter(TimeProvider.System),
                        NullLogger.Instance);
                var whole = BatchDealers.ForTraining(Lengths, batches, 3);
                work(transport, leases, whole is ChunkDealer streams
                    ? new ChunkLeaseDealer(streams, corpus.Utterances, Lengths, leases, _ => null)
                    : new BatchLeaseDealer((IIndependentBatches)whole, leases));
            },
            TaskCreationOptions.LongRunning)));
    }

    private static FrameCorpus Corpus() => new(
        [.. Lengths.Select((_, utterance) => $"utt{utterance}")],
        Lengths,
        1,
        new float[Lengths.Sum()],
        null,
        new("train", Lengths.Length + 1, [new("lost", DropReason.NoAlignment, "no alignment")]));
}
