using Mimir.Dist.Tests.Support;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.Easgd;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;

namespace Mimir.Dist.Tests.Updates;

public sealed class UpdateModesTests
{
    public static TheoryData<UpdateOptions> All => new()
    {
        new SyncOptions { BucketElements = 3 },
        new SyncOptions { BucketElements = 3, Compression = GradientCompression.OneBit },
        new ModelAveragingOptions { PeriodFrames = 17 },
        new BmufOptions { PeriodFrames = 17 },
        new AsgdOptions { MaxStaleness = 2 },
        new AsgdOptions { PeriodFrames = 9, Elasticity = 0.9 },
        new EasgdOptions { PeriodFrames = 9 },
        new TwoTierOptions { Across = new() { PeriodFrames = 34 } },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Every_mode_ends_with_one_model_over_tcp_whoever_has_data(UpdateOptions options)
    {
        var model = Workers.Train(options, Workers.Uneven(9, 0, 4), kind: "tcp");

        Assert.All(model, value => Assert.True(float.IsFinite(value)));
        Assert.NotEqual([.. LeastSquares.Start().Select(value => (float)value)], model);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_mode_trains_a_second_epoch_without_data_in_the_first(UpdateOptions options)
    {
        using var job = Job.Start("in process", 2);
        var models = new float[2][];

        job.Together(transport =>
        {
            using var mode = Workers.Mode(options, transport);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            trainee.Epoch(mode, []);
            trainee.Epoch(mode, LeastSquares.Batches(transport.Rank, 5));
            trainee.Epoch(mode, LeastSquares.Batches(2, 3 * transport.Rank));
            models[transport.Rank] = trainee.Model;
        });

        Assert.Equal(models[0], models[1]);
    }

    [Fact]
    public void Every_mode_is_registered_with_a_name_of_its_own()
    {
        Assert.Equal(["sync", "ma", "bmuf", "asgd", "easgd", "two-tier"], UpdateOptions.Defaults.Select(mode => mode.Name));
        Assert.All(UpdateOptions.Defaults, mode => mode.Validate());
    }

    [Fact]
    public void Create_refuses_asynchronous_training_without_a_transport() => Assert.Throws<ArgumentException>(
        () => new AsgdOptions().Create(new(new SlowCollective(new()))));
}
