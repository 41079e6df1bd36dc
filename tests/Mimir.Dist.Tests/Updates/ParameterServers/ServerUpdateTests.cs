using Mimir.Dist.Collectives;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;

namespace Mimir.Dist.Tests.Updates.ParameterServers;

public sealed class ServerUpdateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void One_worker_alone_does_plain_gradient_descent(int period)
    {
        var batches = Workers.Even(1, 12);

        var model = Workers.Train(new AsgdOptions { PeriodFrames = period, Compensation = DelayCompensation.Constant }, batches);

        Workers.Near(Reference.Sync(batches, Workers.Rate, Workers.Momentum), model, 1e-6);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(4, 0)]
    [InlineData(3, 5)]
    public void Every_push_is_applied_once_and_none_is_staler_than_the_bound(int workers, int bound)
    {
        using var job = Job.Start("in process", workers);
        var models = new float[workers][];
        IReadOnlyList<long> staleness = [];

        // Worker w takes w + 1 off at each of its 20 + 7 w steps, and one worker dawdles.
        job.Together(transport =>
        {
            var rank = transport.Rank;
            using var mode = Mode(new DelayedTransport(transport, rank), new() { MaxStaleness = bound });
            var model = new float[] { 5000, 0, 0 };
            mode.Begin(model);
            for (var epoch = 0; epoch < 2; epoch++)
            {
                for (var step = 0; step < 20 + (7 * rank); step++)
                {
                    if (rank == workers - 1)
                        Thread.Sleep(1);
                    model[0] -= rank + 1;
                    mode.AfterStep(model, 1, 0.1);
                }

                mode.Flush(model);
            }

            models[rank] = model;
            if (rank == 0)
                staleness = mode.Statistics.Staleness;
        });

        var pushes = 2 * Enumerable.Range(0, workers).Sum(rank => 20 + (7 * rank));
        var taken = 2 * Enumerable.Range(0, workers).Sum(rank => (rank + 1) * (20 + (7 * rank)));
        Assert.All(models, model => Assert.Equal([5000 - taken, 0, 0], model));
        Assert.Equal(pushes, staleness.Sum());
        Assert.InRange(staleness.Count - 1, 0, Math.Max(bound, workers - 1));
    }

    [Fact]
    public void A_worker_without_data_hinders_nobody_and_gets_the_model()
    {
        using var job = Job.Start("in process", 3);
        var models = new float[3][];

        job.Together(transport =>
        {
            using var mode = Mode(transport, new());
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            trainee.Epoch(mode, LeastSquares.Batches(transport.Rank, transport.Rank == 1 ? 0 : 15));
            models[transport.Rank] = trainee.Model;
        });

        Assert.All(models, model => Assert.Equal(models[0], model));
    }

    [Fact]
    public void Who_waits_for_the_end_hears_that_the_others_go_on()
    {
        // The wait of a worker ends after a second without a word; the other trains for longer.
        var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(1));

        Job.Together(2, rank =>
        {
            using var mode = Mode(transports[rank], new() { MaxStaleness = 1000 });
            var model = new float[2];
            mode.Begin(model);
            for (var step = 0; step < (rank == 0 ? 0 : 14); step++)
            {
                Thread.Sleep(100);
                model[1]--;
                mode.AfterStep(model, 1, 0.1);
            }

            mode.Flush(model);
            Assert.Equal(-14, model[1]);
        });
    }

    [Fact]
    public void A_lost_worker_is_left_out_and_the_others_go_on()
    {
        using var job = Job.Start("in process", 3);
        var models = new float[3][];

        job.Together(transport =>
        {
            var mode = Mode(transport, new() { MaxStaleness = 2 });
            var model = new float[2];
            mode.Begin(model);
            for (var step = 0; step < 10; step++)
            {
                if (transport.Rank == 2 && step == 4)
                {
                    ((InProcessTransport)transport).Fail();
                    return;
                }

                model[0]--;
                mode.AfterStep(model, 1, 0.1);
            }

            mode.Flush(model);
            models[transport.Rank] = model;
            mode.Dispose();
        });

        Assert.Equal([-24, 0], models[0]);
        Assert.Equal(models[0], models[1]);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, null)]
    [InlineData(1, 0.6)]
    public void After_a_loss_a_new_formation_goes_on_with_what_was_pushed_and_what_was_not(int lost, double? elasticity)
    {
        var transports = InProcessTransport.Create(3, TimeSpan.FromSeconds(10));
        using var barrier = new Barrier(3);
        var models = new float[3][];

        Job.Together(3, rank =>
        {
            var mode = Mode(transports[rank], new() { PeriodFrames = 4, Elasticity = elasticity });
            var model = new float[2];
            mode.Begin(model);

            // The first worker has pushed when the others begin, so that one of those has the newest model.
            if (rank > 0)
                barrier.SignalAndWait();
            for (var step = 0; step < 6; step++)
            {
                model[0]--;
                mode.AfterStep(model, 1, 0.1);
            }

            if (rank == 0)
                barrier.SignalAndWait();

            // Each has pushed 4 and keeps 2.
            barrier.SignalAndWait();
            if (rank == lost)
            {
                transports[rank].Fail();
                mode.Dispose();
            }

            barrier.SignalAndWait();
            if (rank == lost)
                return;

            var group = WorkerGroup.All(3).Without(lost);
            mode.Regroup(new RingCollective(transports[rank], group), model);
            mode.Flush(model);
            models[rank] = model;
            mode.Dispose();
        });

        var left = models.Where((_, rank) => rank != lost).ToArray();
        Assert.Equal(left[0], left[1]);
        if (elasticity is null)
            Assert.Equal([-16, 0], left[0]);
        else
            Assert.InRange(left[0][0], -6, -1);
    }

    [Theory]
    [InlineData(true, -3)]
    [InlineData(false, -2)]
    public void A_push_whose_answer_is_lost_with_the_master_counts_once(bool othersPullLater, int expected)
    {
        // The master takes the push of worker 1 and its answer gets lost; worker 2 pulls a model with that push in it, or not.
        var transports = InProcessTransport.Create(3, TimeSpan.FromSeconds(10));
        var modes = new IUpdateMode[3];
        var models = new float[3][];
        var group = WorkerGroup.All(3).Without(0);
        Job.Together(3, rank =>
        {
            modes[rank] = Mode(rank == 0 ? new MuteTransport(transports[0], 1) : transports[rank], new());
            modes[rank].Begin(models[rank] = new float[2]);
        });

        void Push(int rank)
        {
            models[rank][0]--;
            modes[rank].AfterStep(models[rank], 1, 0.1);
        }

        if (!othersPullLater)
            Push(2);
        var unanswered = new Thread(() => Assert.Throws<PeerLostException>(() => Push(1)));
        unanswered.Start();
        Assert.True(SpinWait.SpinUntil(() => modes[0].Statistics.Staleness.Sum() == (othersPullLater ? 1 : 2), 10_000));
        if (othersPullLater)
        {
            Push(2);
            Push(2);
        }

        transports[0].Fail();
        modes[0].Dispose();
        unanswered.Join();
        Job.Together(2, index =>
        {
            var rank = index + 1;
            modes[rank].Regroup(new RingCollective(transports[rank], group), models[rank]);
            modes[rank].Flush(models[rank]);
        });

        Array.ForEach(modes[1..], mode => mode.Dispose());
        Assert.Equal([expected, 0], models[1]);
        Assert.Equal(models[1], models[2]);
    }

    private static IUpdateMode Mode(ITransport transport, AsgdOptions options) => Workers.Mode(options, transport);
}
