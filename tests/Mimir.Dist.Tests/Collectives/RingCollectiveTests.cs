using Mimir.Dist.Collectives;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Collectives;

public sealed class RingCollectiveTests
{
    public static TheoryData<string, int> Jobs()
    {
        var data = new TheoryData<string, int>();
        for (var workers = 1; workers <= 8; workers++)
        {
            data.Add("in process", workers);
            data.Add("tcp", workers);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public void Every_operation_gives_what_the_plain_sum_gives(string kind, int workers) =>
        CollectiveChecks.On(kind, workers, t => new RingCollective(t, chunk: 50), 0, 1, workers - 1, workers, 1001);

    [Theory]
    [InlineData("in process")]
    [InlineData("tcp")]
    public void The_reference_gives_what_the_plain_sum_gives(string kind) =>
        CollectiveChecks.On(kind, 3, t => new ReferenceCollective(t), 0, 1, 2, 1001);

    [Fact]
    public void Large_messages_in_both_directions_do_not_block_each_other() =>
        CollectiveChecks.On("tcp", 2, t => new RingCollective(t, chunk: 1 << 24), 700_001);

    [Fact]
    public void AllReduceSum_does_not_depend_on_timing()
    {
        var calm = Sums(seed: null);

        Assert.Equal(calm, Sums(seed: 1));
        Assert.Equal(calm, Sums(seed: 2));
    }

    [Fact]
    public void Two_collectives_run_side_by_side_on_two_channels()
    {
        using var job = Job.Start("in process", 3);

        job.Together(transport => Job.Together(2, channel =>
        {
            for (var i = 0; i < 50; i++)
            {
                var values = new float[20];
                Array.Fill(values, channel + 1);
                new RingCollective(transport, channel: channel).AllReduceSum(values);
                Assert.All(values, value => Assert.Equal(3 * (channel + 1), value));
            }
        }));
    }

    [Fact]
    public void A_group_goes_on_without_a_lost_member_and_takes_no_message_of_the_old_one()
    {
        using var job = Job.Start("in process", 4);
        ((InProcessTransport)job.Transports[2]).Fail();
        var first = WorkerGroup.All(4);
        var second = first.Without(2);

        Job.Together(4, rank =>
        {
            if (rank == 2)
                return;

            // The sums of the first formation leave messages behind that nobody asks for.
            Assert.ThrowsAny<Exception>(() => new RingCollective(job.Transports[rank], first).AllReduceSum(new float[100]));
            job.Transports[rank].DiscardBefore(second.Generation);
            var values = new float[100];
            Array.Fill(values, 1);
            new RingCollective(job.Transports[rank], second).AllReduceSum(values);
            Assert.All(values, value => Assert.Equal(3, value));
            job.Transports[rank].Dispose();
        });
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
        transports[0].Send(1, new Tag(1), new byte[3]);

        var error = Assert.Throws<InvalidDataException>(() => transports[1].Receive(0, new Tag(1), new byte[4]));

        Assert.Contains("worker 0 sent 3 bytes", error.Message, StringComparison.Ordinal);
    }

    private static float[] Sums(int? seed)
    {
        using var job = Job.Start("in process", 5);
        var result = new float[5][];
        job.Together(transport =>
        {
            var rank = transport.Rank;
            var carrier = seed is { } s ? new DelayedTransport(transport, (s * 100) + rank) : transport;
            result[rank] = CollectiveChecks.Values(rank, 777);
            new RingCollective(carrier, chunk: 40).AllReduceSum(result[rank]);
        });
        Assert.All(result, values => Assert.Equal(result[0], values));
        return result[0];
    }
}
