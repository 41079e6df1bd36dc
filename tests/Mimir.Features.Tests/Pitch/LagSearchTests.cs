using Mimir.Features.Pitch;

namespace Mimir.Features.Tests.Pitch;

public sealed class LagSearchTests
{
    [Theory]
    [InlineData(1, 1e-4, 0.5)]
    [InlineData(7, 1e-2, 0.5)]
    [InlineData(64, 2.5e-6, 0.01)]
    [InlineData(100, 1e-3, 1)]
    [InlineData(417, 2.5e-6, 1e-5)]
    [InlineData(417, 2.5e-6, 0.02)]
    [InlineData(417, 2.5e-6, 1)]
    [InlineData(50, 0, 0.3)]
    [InlineData(50, 10, 0.3)]
    public void Step_finds_the_cheapest_way_to_every_lag(int lags, double factor, double scale)
    {
        var search = new LagSearch(lags, (float)factor);
        var costs = new double[lags];
        var local = new float[lags + 8];
        local.AsSpan().Fill(float.PositiveInfinity);
        var back = new ushort[lags + 8];

        for (var t = 0; t < 12; t++)
        {
            var noise = PitchWaves.Noise(lags, (float)scale, (uint)(t + lags));
            for (var i = 0; i < lags; i++)
                local[i] = (float)(1 + (noise[i] * 0.2) + (scale * Math.Sin(i * 0.07 * (t + 1))));

            search.Step(local, back);

            var want = PlainPitch.Step(costs, (float)factor);
            for (var i = 0; i < lags; i++)
            {
                var taken = costs[back[i]] + (factor * (i - back[i]) * (i - back[i]));
                Assert.Equal(want[i].Cost, taken, 2e-6 * (t + 1) * (1 + scale));
            }

            costs = [.. want.Select((step, i) => step.Cost + local[i])];
        }

        var least = costs.Min();
        Assert.Equal(least, costs[search.Best], 1e-4);
    }

    [Fact]
    public void Best_of_equal_costs_is_the_shortest_lag()
    {
        var search = new LagSearch(20, 1e-3f);
        var local = Enumerable.Range(0, 28).Select(i => i < 20 ? 1f : float.PositiveInfinity).ToArray();
        var back = new ushort[28];

        search.Step(local, back);

        Assert.Equal(0, search.Best);
        Assert.Equal(Enumerable.Range(0, 20), back.Take(20).Select(lag => (int)lag));
    }
}
