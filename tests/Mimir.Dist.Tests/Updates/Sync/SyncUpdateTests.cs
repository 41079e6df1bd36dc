using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Sync;

namespace Mimir.Dist.Tests.Updates.Sync;

public sealed class SyncUpdateTests
{
    private static readonly SyncOptions Options = new() { BucketElements = 3 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void N_workers_do_what_one_does_with_the_global_batch(int workers)
    {
        var batches = Workers.Even(workers, 12);
        int[][] global = [.. Enumerable.Range(0, 12).Select(step => batches.SelectMany(own => own[step]).ToArray())];

        var model = Workers.Train(Options, batches);

        Workers.Near(Reference.Sync(batches, Workers.Rate, Workers.Momentum), model, 1e-6);
        Workers.Near([.. Workers.Train(Options, [global]).Select(value => (double)value)], model, 1e-6);
    }

    [Fact]
    public void Workers_without_data_take_the_others_steps()
    {
        var batches = Workers.Uneven(3, 0, 9);

        var model = Workers.Train(Options, batches);

        Workers.Near(Reference.Sync(batches, Workers.Rate, Workers.Momentum), model, 1e-6);
    }

    [Fact]
    public void The_result_depends_neither_on_timing_nor_on_how_the_backward_pass_is_cut()
    {
        var batches = Workers.Even(3, 8);

        var calm = Workers.Train(Options, batches);

        Assert.Equal(calm, Workers.Train(Options, batches, delays: 1));
        Assert.Equal(calm, Workers.Train(Options, batches, delays: 2));
    }

    [Fact]
    public void The_result_does_not_depend_on_whether_sums_overlap_the_backward_pass()
    {
        var batches = Workers.Uneven(3, 0, 9);

        var overlapped = Workers.Train(Options with { Overlap = true }, batches);

        Assert.Equal(overlapped, Workers.Train(Options with { Overlap = false }, batches));
    }

    [Fact]
    public void BeforeStep_gives_the_frames_of_the_global_batch()
    {
        var batches = Workers.Uneven(2, 1);
        using var job = Job.Start("in process", 2);

        job.Together(transport =>
        {
            using var mode = Workers.Mode(Options, transport);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            trainee.Epoch(mode, batches[transport.Rank]);
            Assert.Equal([batches[0][0].Length + batches[1][0].Length, batches[0][1].Length, 0], trainee.Totals);
            Assert.Equal(2, mode.Statistics.Steps);
        });
    }

    [Fact]
    public void Flush_too_early_neither_hangs_nor_leaves_models_apart()
    {
        using var job = Job.Start("in process", 2);
        var models = new float[2][];

        job.Together(transport =>
        {
            using var mode = Workers.Mode(Options, transport);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            if (transport.Rank == 0)
                trainee.Epoch(mode, LeastSquares.Batches(0, 4));
            else
                Assert.Equal(new UpdateOutcome(ModelReplaced: true, ForgetMomentum: true), mode.Flush(trainee.Model));
            models[transport.Rank] = trainee.Model;
        });

        Assert.Equal(models[0], models[1]);
    }

    [Fact]
    public void GradientReady_refuses_gradients_in_another_order()
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromMilliseconds(20));
        using var mode = Workers.Mode(Options, transports[0]);

        Assert.Throws<ArgumentException>(() => mode.GradientReady(new float[7], 0, 3));
    }
}
