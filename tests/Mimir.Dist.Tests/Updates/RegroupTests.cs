using Mimir.Dist.Collectives;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;

namespace Mimir.Dist.Tests.Updates;

public sealed class RegroupTests
{
    private const int Period = 17;

    [Fact]
    public void Bmuf_goes_on_from_the_last_block_without_a_lost_worker_and_loses_nothing_of_the_others()
    {
        var batches = Workers.Even(3, 20);
        var whole = Reference.Script(batches, Period);

        // Worker 2 dies in its third block. The others' third block is interrupted and done with one batch more.
        var script = whole[..2];
        var rest = batches[..2].Select((own, w) => own[whole[..2].Sum(block => block[w].Length)..]).ToArray();
        int[] third = [.. whole[2][..2].Select(own => own.Length + 1)];
        script.Add([.. rest.Select((own, w) => own[..third[w]])]);
        script.AddRange(Reference.Script([.. rest.Select((own, w) => own[third[w]..])], Period));
        var expected = Reference.Blocks(
            script, Workers.Rate, Workers.Momentum, forget: true, Reference.Bmuf(0.4, 0.3, "Classical"));

        var options = new BmufOptions
        {
            PeriodFrames = Period,
            BlockMomentum = 0.4,
            Kind = BlockMomentumKind.Classical,
            BlockRate = 0.5,
            GainFromMomentum = true,
        };
        var models = Train(options, batches, lost: 2, dieAfter: whole[..3].Sum(block => block[2].Length) - 1);

        Workers.Near(expected, models[0], 2e-6);
        Assert.Equal(models[0], models[1]);
    }

    [Fact]
    public void Sync_goes_on_after_the_last_step_that_anyone_has_taken()
    {
        var batches = Workers.Even(3, 10);
        int[][][] done = [batches[0], batches[1], batches[2][..4]];

        var models = Train(new SyncOptions { BucketElements = 3 }, batches, lost: 2, dieAfter: 4);

        Workers.Near(Reference.Sync(done, Workers.Rate, 0), models[0], 1e-6);
        Assert.Equal(models[0], models[1]);
    }

    [Fact]
    public void Compressed_gradients_go_on_in_a_new_group()
    {
        var options = new SyncOptions { BucketElements = 7, Compression = GradientCompression.OneBit };

        var models = Train(options, Workers.Even(3, 10), lost: 2, dieAfter: 4);

        Assert.Equal(models[0], models[1]);
        Assert.All(models[0], value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_tiers_go_on_without_a_lost_worker(int lost)
    {
        var options = new TwoTierOptions { Across = new() { PeriodFrames = 2 * Period } };

        var models = Train(options, Workers.Even(4, 15), lost, dieAfter: 6);

        Assert.All(Enumerable.Range(0, 4).Where(rank => rank != lost), rank => Assert.Equal(models[0], models[rank]));
        Assert.All(models[0], value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Who_comes_back_gets_model_and_momentum_of_the_last_block()
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(10)).ToArray();
        var options = new BmufOptions { PeriodFrames = 2 };
        var group = WorkerGroup.All(2).Without().With();
        var states = new IReadOnlyDictionary<string, float[]>[2];
        var models = new float[2][];

        Job.Together(2, rank =>
        {
            var model = new float[] { 1, 2, 3 };
            using var mode = options.Create(new(new SlowCollective(new())));
            if (rank == 0)
            {
                // One block alone before the other comes, and a step after it that stays.
                mode.Begin(model);
                model[0] = 0;
                mode.AfterStep(model, 2, 0.1);
                model[1] = 0;
                mode.AfterStep(model, 1, 0.1);
            }

            var outcome = mode.Regroup(new RingCollective(transports[rank], group), model);
            Assert.Equal(rank == 1, outcome.ModelReplaced);
            states[rank] = mode.SaveState();
            models[rank] = model;
        });

        Assert.Equal([0, 0, 3], models[0]);
        Assert.Equal([0, 2, 3], models[1]);
        Assert.Equal(states[0]["block.momentum"], states[1]["block.momentum"]);
        Assert.Equal(states[0]["block.anchor"], states[1]["block.anchor"]);
    }

    [Fact]
    public void Who_joins_synchronous_training_gets_the_model_and_takes_the_next_steps()
    {
        var transports = InProcessTransport.Create(3, TimeSpan.FromSeconds(10));
        var pair = new WorkerGroup([0, 1], 1);
        var all = pair.With(2);
        var models = new float[3][];

        Job.Together(3, rank =>
        {
            var trainee = new Trainee(Workers.Rate, momentum: 0);
            using var mode = new SyncOptions().Create(new(new RingCollective(transports[rank], rank < 2 ? pair : all)));
            if (rank < 2)
            {
                mode.Begin(trainee.Model);
                foreach (var batch in LeastSquares.Batches(rank, 3))
                    trainee.Step(mode, batch);
            }

            mode.Regroup(new RingCollective(transports[rank], all), trainee.Model);
            trainee.Epoch(mode, LeastSquares.Batches(rank, 6)[3..]);
            models[rank] = trainee.Model;
        });

        int[][][] done = [LeastSquares.Batches(0, 6), LeastSquares.Batches(1, 6), [[], [], [], .. LeastSquares.Batches(2, 6)[3..]]];
        Workers.Near(Reference.Sync(done, Workers.Rate, 0), models[2], 1e-6);
        Assert.All(models, model => Assert.Equal(models[0], model));
    }

    [Fact]
    public void Regroup_refuses_a_formation_in_which_nobody_has_a_model()
    {
        using var job = Job.Start("in process", 1);
        using var mode = Workers.Mode(new BmufOptions(), job.Transports[0]);

        Assert.Throws<InvalidOperationException>(() => mode.Regroup(new RingCollective(job.Transports[0]), new float[3]));
    }

    /// <summary>Trains while one worker dies after some batches.</summary>
    private static float[][] Train(UpdateOptions options, int[][][] batches, int lost, int dieAfter)
    {
        var workers = batches.Length;
        var transports = InProcessTransport.Create(workers, TimeSpan.FromSeconds(10));
        var models = new float[workers][];
        var modes = new IUpdateMode[workers];
        Job.Together(workers, rank => modes[rank] = Workers.Mode(options, transports[rank]));

        // Where models differ sync forgets momentum, which a reference does not know; whether they do is up to timing.
        var momentum = options is SyncOptions ? 0 : Workers.Momentum;
        using var survivors = new Barrier(workers - 1);
        Job.Together(workers, rank =>
        {
            var mode = modes[rank];
            var trainee = new Trainee(Workers.Rate, momentum);
            mode.Begin(trainee.Model);
            if (rank == lost)
            {
                foreach (var batch in batches[rank][..dieAfter])
                    trainee.Step(mode, batch);
                SpinWait.SpinUntil(() => modes.All(other => other.Statistics.Blocks == mode.Statistics.Blocks), 10_000);
                transports[rank].Fail();
                return;
            }

            trainee.Epoch(mode, batches[rank], () =>
            {
                // Whoever leads the job brings those that are left here.
                Assert.True(survivors.SignalAndWait(10_000));
                var group = WorkerGroup.All(workers).Without(lost);
                return mode.Regroup(new RingCollective(transports[rank], group, chunk: 2), trainee.Model);
            });
            models[rank] = trainee.Model;
        });
        foreach (var mode in modes)
            mode.Dispose();
        return models;
    }
}
