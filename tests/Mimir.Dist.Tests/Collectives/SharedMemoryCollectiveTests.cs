using Mimir.Dist.Collectives;
using Mimir.Dist.Native;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Collectives;

public sealed class SharedMemoryCollectiveTests
{
    private static readonly SharedMemoryOptions Small = new() { PartFloats = 37, DirectFloats = 20, Slots = 3 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_operation_gives_what_the_plain_sum_gives(int workers) => CollectiveChecks.On(
        "in process", workers, t => SharedMemoryCollective.Create(t, options: Small), 0, 1, workers - 1, workers, 20, 21, 1001);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void AllReduceSum_gives_the_reference_to_the_bit(int workers)
    {
        using var job = Job.Start("in process", workers);
        job.Together(transport =>
        {
            using var shared = SharedMemoryCollective.Create(transport, options: Small);
            foreach (var length in (int[])[15, 3000])
            {
                var (actual, expected) = (CollectiveChecks.Values(shared.Index, length), CollectiveChecks.Values(shared.Index, length));

                shared.AllReduceSum(actual);
                new ReferenceCollective(transport, channel: 1).AllReduceSum(expected);

                Assert.Equal(expected, actual);
            }
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void AllReduceSum_of_long_vectors_gives_the_reference_to_the_bit_through_and_around_the_cache(int workers)
    {
        using var job = Job.Start("in process", workers);
        job.Together(transport =>
        {
            using var shared = SharedMemoryCollective.Create(transport);
            var expected = CollectiveChecks.Values(shared.Index, 100_003);
            new ReferenceCollective(transport, channel: 1).AllReduceSum(expected);
            for (var sum = 0; sum < 4; sum++)
            {
                var actual = CollectiveChecks.Values(shared.Index, 100_003);
                shared.AllReduceSum(actual);
                Assert.Equal(expected, actual);
            }
        });
    }

    [Fact]
    public void AllReduceSum_does_not_depend_on_timing()
    {
        using var job = Job.Start("in process", 3);
        job.Together(transport =>
        {
            var random = new Random(transport.Rank);
            using var shared = SharedMemoryCollective.Create(transport, options: Small);
            float[]? first = null;
            for (var i = 0; i < 30; i++)
            {
                var values = CollectiveChecks.Values(shared.Index, 500);
                Thread.Sleep(random.Next(4));
                shared.AllReduceSum(values);
                first ??= values;
                Assert.Equal(first, values);
            }
        });
    }

    [Fact]
    public void A_lost_member_is_named_and_nothing_is_left_behind()
    {
        var folder = Directory.CreateTempSubdirectory("mimir-dist").FullName;
        using var job = Job.Start("in process", 3);
        job.Together(transport =>
        {
            using var shared = SharedMemoryCollective.Create(transport, options: Small with { Folder = folder });
            if (transport.Rank == 2)
            {
                ((InProcessTransport)transport).Fail();
                return;
            }

            var error = Assert.Throws<PeerLostException>(() => shared.AllReduceSum(new float[1000]));
            Assert.Equal(2, error.Peer);
        });

        Assert.Empty(Directory.GetFiles(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public void A_member_that_does_not_come_is_named_in_time()
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromMilliseconds(300));
        Job.Together(2, rank =>
        {
            using var shared = SharedMemoryCollective.Create(transports[rank], options: Small);
            if (rank == 0)
                Assert.Contains("worker 1", Assert.Throws<TimeoutException>(() => shared.Barrier()).Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Create_without_the_folder_fails_on_every_member()
    {
        using var job = Job.Start("in process", 3);
        job.Together(transport =>
        {
            var error = Assert.Throws<IOException>(
                () => SharedMemoryCollective.Create(transport, options: Small with { Folder = "/nowhere" }));
            Assert.Contains("worker 0", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Create_removes_what_a_crash_of_this_user_has_left_and_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory("mimir-dist").FullName;
        var user = User.Id();
        string[] names =
        [
            $"mimir-{user}-99999999-job-a", $"mimir-{user}-99999999-job-b", $"mimir-{user + 1}-99999999-job-c", "mimir-99999999-d",
        ];
        var (stale, recent, another, other) = (At(names[0]), At(names[1]), At(names[2]), At(names[3]));
        string At(string name) => Path.Combine(folder, name);
        foreach (var path in new[] { stale, recent, another, other })
            File.WriteAllText(path, "");
        foreach (var path in new[] { stale, another, other })
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        using var job = Job.Start("in process", 1);

        SharedMemoryCollective.Create(job.Transports[0], options: Small with { Folder = folder }).Dispose();

        Assert.Equal(new[] { recent, another, other }.Order(), Directory.GetFiles(folder).Order());
        Directory.Delete(folder, recursive: true);
    }
}
