using Mimir.Dist.Tests.Support;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;

namespace Mimir.Dist.Tests.Updates;

/// <summary>A schedule that goes back to an earlier model begins the mode anew.</summary>
public sealed class BeginAgainTests
{
    [Theory]
    [InlineData("sync")]
    [InlineData("ma")]
    [InlineData("bmuf")]
    public void What_follows_a_second_beginning_is_what_follows_a_first(string mode)
    {
        var batches = Workers.Even(2, 14);

        Assert.Equal(LastOf(mode, batches, epochsBefore: 0), LastOf(mode, batches, epochsBefore: 2));
    }

    [Fact]
    public void The_master_of_asgd_forgets_the_model_that_was_left()
    {
        var batches = Workers.Even(3, 14);
        using var job = Job.Start("in process", 3);

        job.Together(transport =>
        {
            using var mode = Workers.Mode(Options("asgd"), transport);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            trainee.Epoch(mode, batches[transport.Rank]);

            LeastSquares.Start().Select(value => (float)value).ToArray().CopyTo(trainee.Model, 0);
            mode.Begin(trainee.Model);
            mode.Flush(trainee.Model);

            Assert.Equal(LeastSquares.Start().Select(value => (float)value), trainee.Model);
        });
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("ma")]
    [InlineData("bmuf")]
    public void A_signal_is_heard_by_all_in_the_same_exchange_and_once(string mode)
    {
        const int Steps = 12;
        using var job = Job.Start("in process", 3);
        var heard = new List<long>[3];

        job.Together(transport =>
        {
            var signals = new UpdateSignals();
            using var update = Workers.Mode(Options(mode), transport, signals: signals);
            var (model, gradients) = (new float[4], new float[4]);
            update.Begin(model);
            heard[transport.Rank] = [];
            for (var step = 0; step < Steps; step++)
            {
                signals.Outgoing = (step, transport.Rank) switch { (4, 1) => 2, (4, 2) => 1, _ => 0 };
                update.BeforeStep(gradients, 17);
                update.AfterStep(model, 17, 0.1);
                heard[transport.Rank].Add(signals.TakeReceived());
            }

            Assert.Equal(0, signals.TakeReceived());
        });

        Assert.All(heard, own => Assert.Equal(Enumerable.Range(0, Steps).Select(step => step == 4 ? 3L : 0), own));
    }

    [Fact]
    public void Who_has_no_data_left_hears_a_signal_too_and_comes_back_before_the_epoch_is_over()
    {
        using var job = Job.Start("in process", 2);

        job.Together(transport =>
        {
            var signals = new UpdateSignals();
            using var update = Workers.Mode(Options("bmuf"), transport, signals: signals);
            var model = new float[4];
            update.Begin(model);
            if (transport.Rank == 1)
            {
                Assert.True(update.Flush(model).Unfinished);
                Assert.Equal(4, signals.TakeReceived());
            }
            else
            {
                signals.Outgoing = 4;
                update.AfterStep(model, 17, 0.1);
                Assert.Equal(4, signals.TakeReceived());
                signals.Outgoing = 0;
            }

            Assert.False(update.Flush(model).Unfinished);
        });
    }

    private static UpdateOptions Options(string mode) => mode switch
    {
        "sync" => new SyncOptions { BucketElements = 3 },
        "ma" => new ModelAveragingOptions { PeriodFrames = 17 },
        "bmuf" => new BmufOptions { PeriodFrames = 17, BlockMomentum = 0.7 },
        _ => new AsgdOptions(),
    };

    private static float[] LastOf(string kind, int[][][] batches, int epochsBefore)
    {
        using var job = Job.Start("in process", batches.Length);
        var models = new float[batches.Length][];
        job.Together(transport =>
        {
            using var mode = Workers.Mode(Options(kind), transport);
            for (var epoch = 0; epoch <= epochsBefore; epoch++)
            {
                var trainee = new Trainee(Workers.Rate, Workers.Momentum);
                mode.Begin(trainee.Model);
                trainee.Epoch(mode, batches[transport.Rank]);
                models[transport.Rank] = trainee.Model;
            }
        });

        Assert.All(models, model => Assert.Equal(models[0], model));
        return models[0];
    }
}
