using Mimir.Dist.Tests.Support;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;

namespace Mimir.Dist.Tests.Updates;

public sealed class ResumeTests
{
    private const int Steps = 13;

    public static TheoryData<UpdateOptions, int> Modes => new()
    {
        { new SyncOptions { BucketElements = 3 }, 3 },
        { new SyncOptions { BucketElements = 7, Compression = GradientCompression.OneBit }, 2 },
        { new TwoTierOptions { Inside = new() { Compression = GradientCompression.OneBit }, Across = new() { PeriodFrames = 30 } }, 4 },
        { new ModelAveragingOptions { PeriodFrames = 20 }, 3 },
        { new BmufOptions { PeriodFrames = 20, WarmUpFrames = 30 }, 3 },
        { new TwoTierOptions { Across = new() { PeriodFrames = 30 } }, 4 },
        { new AsgdOptions { PeriodFrames = 20, Compensation = DelayCompensation.Adaptive }, 1 },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_run_saved_in_the_middle_of_a_block_ends_in_the_same_bits(UpdateOptions options, int workers)
    {
        for (var saveAt = 5; saveAt < 9; saveAt++)
            Assert.Equal(Run(options, workers, saveAt: null), Run(options, workers, saveAt));
    }

    private static float[][] Run(UpdateOptions options, int workers, int? saveAt)
    {
        using var job = Job.Start("in process", workers);
        var models = new float[workers][];
        job.Together(transport =>
        {
            var batches = LeastSquares.Batches(transport.Rank, Steps);
            var mode = Workers.Mode(options, transport);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            for (var step = 0; step < Steps; step++)
            {
                if (step == saveAt)
                {
                    var state = mode.SaveState();
                    mode.Dispose();
                    trainee = trainee.Clone();
                    mode = Workers.Mode(options, transport);
                    mode.LoadState(state, trainee.Model);
                }

                trainee.Step(mode, batches[step]);
            }

            trainee.Epoch(mode, []);
            mode.Dispose();
            models[transport.Rank] = trainee.Model;
        });
        return models;
    }
}
