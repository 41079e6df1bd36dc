namespace Mimir.Base.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void Next_of_SplitMix64_is_the_published_sequence()
    {
        ulong state = 1234567;

        ulong[] sequence = [SplitMix64.Next(ref state), SplitMix64.Next(ref state), SplitMix64.Next(ref state)];

        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], sequence);
    }

    [Fact]
    public void NextBits_of_the_state_1_2_3_4_is_the_published_sequence()
    {
        var random = new SeededRandom(1, 2, 3, 4);

        ulong[] sequence = [random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits()];

        Assert.Equal([11520UL, 0UL, 1509978240UL, 1215971899390074240UL], sequence);
    }

    [Fact]
    public void NextBits_of_a_seed_is_fixed_for_ever() => Assert.Equal(
        [12966619160104079557UL, 9600361134598540522UL, 10590380919521690900UL], Bits(new SeededRandom(1)));

    [Fact]
    public void NextBits_of_a_numbered_stream_is_fixed_for_ever() => Assert.Equal(
        [2025644143634830365UL, 9640184904456852548UL, 14906240046167148738UL], Bits(SeededRandom.Of(777, 2)));

    [Fact]
    public void NextBits_of_a_purpose_is_fixed_for_ever() => Assert.Equal(
        [8206064651653095240UL, 7805298653527421411UL, 17548766347974353156UL], Bits(SeededRandom.For(7, 1, 2)));

    [Fact]
    public void Numbered_streams_of_a_seed_differ_and_repeat()
    {
        var one = Bits(SeededRandom.Of(777, 1));

        Assert.Equal(one, Bits(SeededRandom.Of(777, 1)));
        Assert.NotEqual(one, Bits(SeededRandom.Of(777, 2)));
        Assert.NotEqual(one, Bits(SeededRandom.Of(778, 1)));
    }

    [Fact]
    public void Streams_of_a_purpose_differ_and_repeat()
    {
        Assert.Equal(Bits(SeededRandom.For(7, 1, 2)), Bits(SeededRandom.For(7, 1, 2)));
        Assert.NotEqual(Bits(SeededRandom.For(7, 1, 2)), Bits(SeededRandom.For(8, 1, 2)));
        Assert.NotEqual(Bits(SeededRandom.For(7, 1, 2)), Bits(SeededRandom.For(7, 2, 1)));
        Assert.NotEqual(Bits(SeededRandom.For(7, 1)), Bits(SeededRandom.For(7)));
    }

    [Fact]
    public void Numbers_have_the_moments_of_their_distributions()
    {
        var random = new SeededRandom(1);
        double[] uniform = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextUniform())];
        double[] normal = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextNormal())];

        Assert.All(uniform, u => Assert.InRange(u, 0, 0.9999999999999999));
        Assert.Equal(0.5, uniform.Average(), 0.005);
        Assert.Equal(0, normal.Average(), 0.01);
        Assert.Equal(1, normal.Average(x => x * x), 0.02);
        Assert.Equal(3, normal.Average(x => x * x * x * x), 0.15);
    }

    [Fact]
    public void FillNormal_has_mean_0_and_variance_1()
    {
        var numbers = new float[100001];

        SeededRandom.For(5).FillNormal(numbers);

        Assert.InRange(numbers.Average(), -0.01, 0.01);
        Assert.InRange(numbers.Average(x => x * x), 0.98, 1.02);
    }

    [Fact]
    public void Below_covers_its_range_evenly()
    {
        var random = SeededRandom.For(3);
        var counts = new int[11];

        for (var i = 0; i < 11000; i++)
            counts[random.Below(11)]++;

        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void BelowExactly_gives_every_number_about_equally_often()
    {
        var random = SeededRandom.Of(777, 0);
        var counts = new int[10];

        for (var draw = 0; draw < 100_000; draw++)
            counts[random.BelowExactly(10)]++;

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    private static ulong[] Bits(SeededRandom random) => [random.NextBits(), random.NextBits(), random.NextBits()];
}
