using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Collectives;

public sealed class RingCollectiveTests
{
    public static TheoryData<int, int> Sizes()
    {
        var data = new TheoryData<int, int>();
        foreach (var workers in (int[])[1, 2, 3, 5, 8])
        {
            foreach (var length in (int[])[0, 1, workers - 1, workers, 1001])
                data.Add(workers, length);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task AllReduceSum_gives_every_worker_the_plain_sum(int workers, int length)
    {
        var values = Enumerable.Range(0, workers).Select(rank => Values(rank, length)).ToArray();
        var expected = Enumerable.Range(0, length).Select(i => values.Sum(v => (double)v[i])).ToArray();

        await Together(workers, values);

        Assert.All(values, v => Assert.All(v.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3)));
        Assert.All(values, v => Assert.Equal(values[0], v));
    }

    [Fact]
    public async Task AllReduceSum_is_repeatable_to_the_bit()
    {
        var first = Enumerable.Range(0, 5).Select(rank => Values(rank, 777)).ToArray();
        var second = Enumerable.Range(0, 5).Select(rank => Values(rank, 777)).ToArray();

        await Together(5, first);
        await Together(5, second);

        Assert.Equal(first[3], second[3]);
    }

    [Fact]
    public void Receive_names_the_peer_that_stays_silent()
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromMilliseconds(20));

        var error = Assert.Throws<TimeoutException>(() => new RingCollective(transports[1]).AllReduceSum(new float[4]));

        Assert.Contains("worker 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Receive_refuses_a_message_of_another_length()
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(5));
        transports[0].Send(1, tag: 1, new byte[3]);

        var error = Assert.Throws<InvalidDataException>(() => transports[1].Receive(0, tag: 1, new byte[4]));

        Assert.Contains("worker 0 sent 3 bytes", error.Message, StringComparison.Ordinal);
    }

    private static float[] Values(int rank, int length) =>
        [.. Enumerable.Range(0, length).Select(i => MathF.Sin((rank * 7919) + i) * (i + 1))];

    private static async Task Together(int workers, float[][] values)
    {
        var transports = InProcessTransport.Create(workers, TimeSpan.FromSeconds(30));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(rank =>
            Task.Factory.StartNew(() => new RingCollective(transports[rank]).AllReduceSum(values[rank]), TaskCreationOptions.LongRunning)));
    }
}
