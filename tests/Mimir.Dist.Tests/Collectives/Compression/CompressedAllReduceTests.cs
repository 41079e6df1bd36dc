using Mimir.Dist.Collectives.Compression;
using Mimir.Dist.Tests.Support;

namespace Mimir.Dist.Tests.Collectives.Compression;

public sealed class CompressedAllReduceTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 1001)]
    [InlineData(3, 2)]
    [InlineData(4, 0)]
    [InlineData(8, 1001)]
    public void Half_precision_gives_the_sum_to_its_precision_and_all_the_same_bits(int workers, int length)
    {
        var sums = Run(workers, length, new HalfCodec(), rounds: 1);

        var expected = CollectiveChecks.Sum(workers, length);
        Assert.All(sums, sum => Assert.Equal(sums[0], sum));
        for (var i = 0; i < length; i++)
            Assert.InRange(
                sums[0][i], expected[i] - 1.5 - (0.004 * workers * 1000 * 0.5), expected[i] + 1.5 + (0.004 * workers * 1000 * 0.5));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void One_bit_loses_nothing_in_the_long_run(int workers)
    {
        const int Rounds = 400;
        var length = 300;

        var sums = Run(workers, length, new OneBitCodec(64), Rounds);

        // What has been handed out in all differs from what was put in by what is still kept back, which is bounded.
        var expected = CollectiveChecks.Sum(workers, length);
        Assert.All(sums, sum => Assert.Equal(sums[0], sum));
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < length; i++)
            Assert.InRange(Math.Abs((sums[0][i] / Rounds) - expected[i]), 0, 0.1 * scale);
    }

    [Fact]
    public void One_bit_goes_on_after_a_checkpoint_as_if_nothing_had_been()
    {
        using var job = Job.Start("in process", 3);
        job.Together(transport =>
        {
            var group = WorkerGroup.All(3);
            var unbroken = new CompressedAllReduce(transport, group, new OneBitCodec(), 700, channel: 0);
            for (var i = 0; i < 3; i++)
                unbroken.Sum(CollectiveChecks.Values(transport.Rank, 700));

            var resumed = new CompressedAllReduce(transport, group, new OneBitCodec(), 700, channel: 1);
            unbroken.LostContributions.CopyTo(resumed.LostContributions);
            unbroken.LostSums.CopyTo(resumed.LostSums);
            var (one, other) = (CollectiveChecks.Values(transport.Rank, 700), CollectiveChecks.Values(transport.Rank, 700));
            unbroken.Sum(one);
            resumed.Sum(other);

            Assert.Equal(one, other);
        });
    }

    [Fact]
    public void OneBitCodec_writes_a_bit_an_element_and_two_means_a_block()
    {
        var codec = new OneBitCodec(8);
        float[] values = [1, -2, 3, -4, 5, 6, -6, 0, 9, float.NaN];
        var bytes = new byte[codec.Bytes(10)];
        var decoded = new float[10];

        codec.Encode(values, bytes);
        codec.Decode(bytes, decoded);

        Assert.Equal(8 + 1 + 8 + 1, bytes.Length);
        Assert.Equal([3, -4, 3, -4, 3, 3, -4, 3, float.NaN, float.NaN], decoded);
        Assert.Equal(72, new OneBitCodec().Bytes(512));
    }

    [Fact]
    public void HalfCodec_bounds_what_is_too_large_and_keeps_what_is_no_number()
    {
        float[] values = [1e6f, -1e6f, 1.5f, float.NaN, float.PositiveInfinity];
        var bytes = new byte[10];
        var decoded = new float[5];

        new HalfCodec().Encode(values, bytes);
        new HalfCodec().Decode(bytes, decoded);

        Assert.Equal([65_504, -65_504, 1.5f, float.NaN, float.PositiveInfinity], decoded);
    }

    // The sum of the results of some rounds, on every worker.
    private static float[][] Run(int workers, int length, IGradientCodec codec, int rounds)
    {
        using var job = Job.Start("in process", workers);
        var sums = new float[workers][];
        job.Together(transport =>
        {
            var reduce = new CompressedAllReduce(transport, WorkerGroup.All(workers), codec, length);
            var total = new float[length];
            for (var round = 0; round < rounds; round++)
            {
                var values = CollectiveChecks.Values(transport.Rank, length);
                reduce.Sum(values);
                for (var i = 0; i < length; i++)
                    total[i] += values[i];
            }

            sums[transport.Rank] = total;
        });
        return sums;
    }
}
