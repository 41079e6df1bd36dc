using Mimir.Dist.Updates.TwoTier;

namespace Mimir.Dist.Tests.Updates.TwoTier;

public sealed class TwoTierUpdateTests
{
    private const int Period = 40;
    private static readonly TwoTierOptions Options = new()
    {
        Inside = new() { BucketElements = 4 },
        Across = new() { PeriodFrames = Period },
    };

    [Theory]
    [InlineData(12, 12, 12, 12)]
    [InlineData(3, 11, 0, 6)]
    [InlineData(0, 0, 5, 9)]
    [InlineData(7, 4, 9, 0)]
    public void Machines_do_block_momentum_with_the_summed_gradients_of_their_workers(params int[] counts)
    {
        var batches = Workers.Uneven(counts);
        int[][][] machines = [Together(batches[0], batches[1]), Together(batches[2], batches[3])];
        var expected = Reference.Blocks(
            Reference.Script(machines, Period), Workers.Rate, Workers.Momentum, forget: true, Reference.Bmuf(0.5, 0.5, "Nesterov"));

        Workers.Near(expected, Workers.Train(Options, batches), 2e-6);
    }

    [Fact]
    public void A_machine_with_one_worker_less_goes_on()
    {
        var batches = Workers.Uneven(8, 8, 8);
        int[][][] machines = [Together(batches[0], batches[1]), batches[2]];
        var expected = Reference.Blocks(
            Reference.Script(machines, Period), Workers.Rate, Workers.Momentum, forget: true, Reference.Bmuf(0.5, 0.5, "Nesterov"));

        Workers.Near(expected, Workers.Train(Options, batches, delays: 3), 2e-6);
    }

    private static int[][] Together(int[][] first, int[][] second) =>
        [.. Enumerable.Range(0, Math.Max(first.Length, second.Length)).Select(step =>
            first.Skip(step).Take(1).Concat(second.Skip(step).Take(1)).SelectMany(frames => frames).ToArray())];
}
