using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

public sealed class SetCacheTests
{
    [Fact]
    public async Task The_first_worker_loads_and_the_others_get_the_same()
    {
        var cache = new SetCache();
        var loads = 0;

        var sets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => cache.Set("train", () =>
        {
            Interlocked.Increment(ref loads);
            return new FrameCorpus([], [], 1, [], null, new("train", 0, []));
        }))));

        Assert.Equal(1, loads);
        Assert.All(sets, set => Assert.Same(sets[0], set));
    }

    [Fact]
    public void Epochs_of_long_ago_are_made_again()
    {
        var cache = new SetCache();
        var made = new List<int>();
        EpochFrames Epoch(int epoch) => cache.Epoch(epoch, () =>
        {
            made.Add(epoch);
            return new([], [], null, TimeSpan.Zero);
        });

        foreach (var epoch in new[] { 1, 2, 3, 1, 4, 2, 1 })
            Epoch(epoch);

        Assert.Equal([1, 2, 3, 4, 1], made);
    }
}
