using Mimir.Corpus.Sound;

namespace Mimir.Corpus.Tests.Sound;

public class RandomStreamTests
{
    [Fact]
    public void NextBits_same_seed_and_purpose_repeat_and_others_differ()
    {
        ulong[] Draw(ulong seed, params ulong[] purpose)
        {
            var random = new RandomStream(seed, purpose);
            return [random.NextBits(), random.NextBits(), random.NextBits()];
        }

        Assert.Equal(Draw(7, 1, 2), Draw(7, 1, 2));
        Assert.NotEqual(Draw(7, 1, 2), Draw(8, 1, 2));
        Assert.NotEqual(Draw(7, 1, 2), Draw(7, 2, 1));
        Assert.NotEqual(Draw(7, 1), Draw(7));
    }

    [Fact]
    public void NextBits_of_a_seed_and_purpose_is_fixed_for_ever()
    {
        var random = new RandomStream(7, 1, 2);

        ulong[] bits = [random.NextBits(), random.NextBits(), random.NextBits()];

        Assert.Equal([8206064651653095240UL, 7805298653527421411UL, 17548766347974353156UL], bits);
    }

    [Fact]
    public void Below_covers_its_range_evenly()
    {
        var random = new RandomStream(3);
        var counts = new int[11];

        for (var i = 0; i < 11000; i++)
            counts[random.Below(11)]++;

        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void FillNormal_has_mean_0_and_variance_1()
    {
        var numbers = new float[100001];

        new RandomStream(5).FillNormal(numbers);

        Assert.InRange(numbers.Average(), -0.01, 0.01);
        Assert.InRange(numbers.Average(x => x * x), 0.98, 1.02);
    }
}
