using Mimir.Base;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;

namespace Mimir.Dist.Tests.Updates.Blocks;

public sealed class BlockUpdateTests
{
    private const int Period = 17;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Averages_are_weighted_by_the_frames_done(int workers)
    {
        var batches = Workers.Even(workers, 14);
        var expected = Reference.Blocks(
            Reference.Script(batches, Period), Workers.Rate, Workers.Momentum, forget: false, (all, _, _) => Reference.Average(all));

        Workers.Near(expected, Workers.Train(new ModelAveragingOptions { PeriodFrames = Period }, batches), 1e-6);
    }

    [Theory]
    [InlineData(8, 0, 14)]
    [InlineData(0, 0, 9)]
    [InlineData(0, 0, 0)]
    [InlineData(1, 20, 3)]
    public void Averages_go_on_when_data_end_unevenly(int first, int second, int third)
    {
        var batches = Workers.Uneven(first, second, third);
        var script = Reference.Script(batches, Period);
        var expected = script.Count == 0
            ? LeastSquares.Start()
            : Reference.Blocks(script, Workers.Rate, Workers.Momentum, forget: false, (all, _, _) => Reference.Average(all));

        Workers.Near(expected, Workers.Train(new ModelAveragingOptions { PeriodFrames = Period }, batches), 1e-6);
    }

    [Fact]
    public void The_average_of_a_block_in_which_few_have_data_left_moves_by_their_part()
    {
        using var job = Job.Start("in process", 4);

        job.Together(transport =>
        {
            using var mode = Workers.Mode(new ModelAveragingOptions { PeriodFrames = 10 }, transport);
            float[] model = [1, 1];
            mode.Begin(model);
            if (transport.Rank < 2)
            {
                model[0] += 8 * (transport.Rank + 1);
                mode.AfterStep(model, transport.Rank == 0 ? 3 : 9, 0.1);
            }

            mode.Flush(model);

            // Half of the workers, weighted 3 to 9: 1 + (8 * 3 + 16 * 9) / 12 / 2.
            Assert.Equal([8, 1], model);
        });
    }

    [Theory]
    [InlineData(BlockMomentumKind.Classical, 1, null, 1.0, false)]
    [InlineData(BlockMomentumKind.Nesterov, 2, null, 1.0, false)]
    [InlineData(BlockMomentumKind.Nesterov, 4, 0.6, 1.2, true)]
    [InlineData(BlockMomentumKind.Classical, 3, 0.875, 1.0, false)]
    [InlineData(BlockMomentumKind.LookAhead, 3, 0.5, 0.9, false)]
    public void Bmuf_follows_its_equations(BlockMomentumKind kind, int workers, double? momentum, double rate, bool fromMomentum)
    {
        var batches = Workers.Even(workers, 15);
        var m = momentum ?? 1 - (1.0 / workers);
        var gain = fromMomentum ? rate * (1 - m) : rate / workers;
        var options = new BmufOptions
        {
            PeriodFrames = Period,
            BlockMomentum = momentum,
            BlockRate = rate,
            GainFromMomentum = fromMomentum,
            Kind = kind,
        };
        var expected = Reference.Blocks(
            Reference.Script(batches, Period), Workers.Rate, Workers.Momentum, forget: true, Reference.Bmuf(m, gain, kind.ToString()));

        Workers.Near(expected, Workers.Train(options, batches), 2e-6);
    }

    [Fact]
    public void With_m_of_1_minus_1_over_N_the_gain_of_CNTK_is_the_mean()
    {
        var batches = Workers.Uneven(9, 12, 3, 7);
        var mean = new BmufOptions { PeriodFrames = Period };
        var cntk = new BmufOptions { PeriodFrames = Period, BlockMomentum = 0.75, GainFromMomentum = true };

        var expected = Workers.Train(mean, batches);

        Assert.Equal(0.75, cntk.BlockMomentum ?? 0, 1e-12);
        Workers.Near([.. expected.Select(value => (double)value)], Workers.Train(cntk, batches), 1e-6);
    }

    [Fact]
    public void Without_momentum_and_in_warm_up_bmuf_is_the_mean_of_the_models()
    {
        var batches = Workers.Even(4, 12);
        var still = new BmufOptions { PeriodFrames = Period, BlockMomentum = 0, Kind = BlockMomentumKind.Classical };
        var expected = Reference.Blocks(
            Reference.Script(batches, Period), Workers.Rate, Workers.Momentum, forget: true,
            (all, _, _) => [.. Enumerable.Range(0, LeastSquares.Parameters).Select(i => all.Average(worker => worker.Model[i]))]);

        Workers.Near(expected, Workers.Train(still, batches), 1e-6);
        Workers.Near(expected, Workers.Train(new BmufOptions { PeriodFrames = Period, WarmUpFrames = 1 << 20 }, batches), 1e-6);
    }

    [Fact]
    public void Warm_up_ends_after_its_frames()
    {
        var batches = Workers.Even(2, 20);
        var script = Reference.Script(batches, Period);
        var warmUp = 1 + script[0].Sum(own => own.Sum(batch => batch.Length));
        var expected = Reference.Blocks(
            script, Workers.Rate, Workers.Momentum, forget: true, Reference.Bmuf(0.5, 0.5, "Nesterov", warmUp));

        Workers.Near(expected, Workers.Train(new BmufOptions { PeriodFrames = Period, WarmUpFrames = warmUp }, batches), 1e-6);
    }

    [Fact]
    public void A_model_that_is_not_finite_stops_all_workers_and_names_its_own()
    {
        using var job = Job.Start("in process", 2);

        job.Together(transport =>
        {
            using var mode = Workers.Mode(new ModelAveragingOptions { PeriodFrames = 1 }, transport);
            var model = new float[3];
            mode.Begin(model);
            model[1] = transport.Rank == 1 ? float.NaN : 0;

            var error = Assert.Throws<ArithmeticException>(() => mode.AfterStep(model, 1, 0.1));
            Assert.Contains("worker 1", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Statistics_count_blocks_bytes_and_time()
    {
        var time = new ManualTime();
        var mode = new BmufOptions { PeriodFrames = 10 }.Create(new(new SlowCollective(time)) { Time = time });
        mode.Begin(new float[100]);
        for (var i = 0; i < 5; i++)
            mode.AfterStep(new float[100], 5, 0.1);

        Assert.Equal((2, 3 * 400), (mode.Statistics.Blocks, mode.Statistics.Bytes));
        Assert.Equal(TimeSpan.FromSeconds(3), mode.Statistics.Waiting);
    }

    [Fact]
    public void LoadState_refuses_the_state_of_another_mode_or_model()
    {
        using var job = Job.Start("in process", 1);
        using var mode = Workers.Mode(new BmufOptions(), job.Transports[0]);
        mode.Begin(new float[3]);
        var state = mode.SaveState();

        Assert.Throws<InputException>(() => mode.LoadState(state, new float[4]));
        Assert.Throws<InputException>(() => Workers.Mode(new SyncOptions(), job.Transports[0]).LoadState(state, new float[3]));
    }
}
