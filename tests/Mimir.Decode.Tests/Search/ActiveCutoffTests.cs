using Mimir.Decode.Search;

namespace Mimir.Decode.Tests.Search;

public sealed class ActiveCutoffTests
{
    private static readonly DecoderOptions Options = new() { Beam = 5, MaxActive = 4, MinActive = 2, BeamDelta = 0.5f };

    [Theory]
    [InlineData(new float[] { 1, 2, 3, 99 }, 6, 5)]
    [InlineData(new float[] { 3, 1, 2, 5, 4, 90 }, 5, 4.5f)]
    [InlineData(new float[] { 1, 20, 30 }, 30, 29.5f)]
    [InlineData(new float[] { 1, 20 }, float.PositiveInfinity, float.PositiveInfinity)]
    public void Find_takes_the_beam_unless_the_counts_say_otherwise(float[] costs, float cutoff, float beam)
    {
        var found = ActiveCutoff.Find(costs, 1, Options);

        Assert.Equal(new ActiveCutoff(cutoff, beam), found);
    }

    [Fact]
    public void Smallest_random_values_is_what_sorting_gives()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 500; trial++)
        {
            var values = Enumerable.Range(0, 1 + random.Next(30)).Select(_ => (float)random.Next(12)).ToArray();
            var index = random.Next(values.Length);

            Assert.Equal(values.Order().ElementAt(index), Quickselect.Smallest(values.ToArray(), index));
        }
    }
}
