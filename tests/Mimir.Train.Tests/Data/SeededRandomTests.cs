using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

public sealed class SeededRandomTests
{
    [Fact]
    public void Below_gives_every_number_about_equally_often()
    {
        var random = new SeededRandom(777, 0);
        var counts = new int[10];

        for (var draw = 0; draw < 100_000; draw++)
            counts[random.Below(10)]++;

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Next_of_a_seed_and_stream_is_fixed_for_ever()
    {
        var random = new SeededRandom(777, 2);

        ulong[] bits = [random.Next(), random.Next(), random.Next()];

        Assert.Equal([2025644143634830365UL, 9640184904456852548UL, 14906240046167148738UL], bits);
    }

    [Fact]
    public void Streams_of_a_seed_differ_and_repeat()
    {
        var one = new SeededRandom(777, 1).Next();

        Assert.Equal(one, new SeededRandom(777, 1).Next());
        Assert.NotEqual(one, new SeededRandom(777, 2).Next());
        Assert.NotEqual(one, new SeededRandom(778, 1).Next());
    }
}
