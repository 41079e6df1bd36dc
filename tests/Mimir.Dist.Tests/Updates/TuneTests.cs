using Mimir.Base;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.Easgd;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;

namespace Mimir.Dist.Tests.Updates;

public sealed class TuneTests
{
    [Fact]
    public void A_block_after_tuning_has_the_other_momentum_rate_and_period()
    {
        var before = new BmufOptions { PeriodFrames = 20, BlockMomentum = 0.3, BlockRate = 1 };
        var after = before with { PeriodFrames = 40, BlockMomentum = 0.6, BlockRate = 0.5 };
        var batches = Workers.Even(2, 20);
        var script = Reference.Script(batches, 20)[..2];
        var rest = batches.Select((own, w) => own[script.Sum(block => block[w].Length)..]).ToArray();
        var past = new double[LeastSquares.Parameters];
        script.AddRange(Reference.Script(rest, 40));
        var block = 0;

        var model = Train(before, after, batches, tuneAfterBlocks: 2);

        var expected = Reference.Blocks(script, Workers.Rate, Workers.Momentum, forget: true, (workers, anchor, _) =>
        {
            var (momentum, gain) = block++ < 2 ? (0.3, 0.5) : (0.6, 0.25);
            return [.. anchor.Select((value, i) =>
            {
                past[i] = (momentum * past[i]) + (gain * workers.Sum(worker => value - worker.Model[i]));
                return value - past[i] - (momentum * past[i]);
            })];
        });
        Workers.Near(expected, model, 3e-6);
    }

    [Fact]
    public void Two_tiers_tell_all_workers_with_the_same_block()
    {
        var options = new TwoTierOptions { Across = new() { PeriodFrames = 30 } };
        using var job = Job.Start("in process", 4);
        var heardAt = new List<long>[4];

        job.Together(transport =>
        {
            var signals = new UpdateSignals();
            using var mode = Workers.Mode(options, transport, signals: signals);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            heardAt[transport.Rank] = [];
            mode.Begin(trainee.Model);
            foreach (var batch in LeastSquares.Batches(transport.Rank, 20))
            {
                // The bits of a machine's other workers are not told.
                signals.Outgoing = transport.Rank switch { 0 when signals.Blocks == 2 => 16, 1 => 32, _ => 0 };
                trainee.Step(mode, batch);
                if (signals.TakeReceived() is var heard and not 0)
                {
                    Assert.Equal(16, heard);
                    heardAt[transport.Rank].Add(signals.Blocks);
                }
            }

            signals.Outgoing = transport.Rank == 0 ? 64 : 0;
            trainee.Epoch(mode, []);
            Assert.Equal(64, signals.TakeReceived());
            Assert.Equal(0, signals.TakeReceived());
        });

        Assert.All(heardAt, blocks => Assert.Equal([3], blocks));
    }

    [Fact]
    public void Every_mode_takes_its_own_options_and_no_others()
    {
        UpdateOptions[] all =
        [
            new SyncOptions(), new ModelAveragingOptions(), new BmufOptions(), new AsgdOptions(), new EasgdOptions(), new TwoTierOptions(),
        ];
        using var job = Job.Start("in process", 1);

        foreach (var own in all)
        {
            using var mode = Workers.Mode(own, job.Transports[0]);
            mode.Tune(own);
            foreach (var other in all.Where(other => other.GetType() != own.GetType()))
                Assert.Contains(own.Name, Assert.Throws<ArgumentException>(() => mode.Tune(other)).Message, StringComparison.Ordinal);
        }

        using var ma = Workers.Mode(new ModelAveragingOptions(), job.Transports[0]);
        Assert.Throws<InputException>(() => ma.Tune(new ModelAveragingOptions { PeriodFrames = 0 }));
    }

    private static float[] Train(UpdateOptions before, UpdateOptions after, int[][][] batches, int tuneAfterBlocks)
    {
        using var job = Job.Start("in process", batches.Length);
        var models = new float[batches.Length][];
        job.Together(transport =>
        {
            using var mode = Workers.Mode(before, transport);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            var next = 0;
            while (mode.Statistics.Blocks < tuneAfterBlocks)
                trainee.Step(mode, batches[transport.Rank][next++]);
            mode.Tune(after);
            trainee.Epoch(mode, batches[transport.Rank][next..]);
            models[transport.Rank] = trainee.Model;
        });
        Assert.Equal(models[0], models[1]);
        return models[0];
    }
}
