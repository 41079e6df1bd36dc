using Mimir.Bench.Peers;

namespace Mimir.Bench.Rungs;

/// <summary>What the second core is worth: one process with two threads beside two processes of one thread that share nothing.</summary>
internal sealed class SideBySideRung : IRung
{
    private const double LongTurn = 2;

    /// <inheritdoc/>
    public string Name => "side-by-side";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        Console.WriteLine();
        Console.WriteLine($"one process and two, frames/s, median of {options.Rounds} rounds");
        foreach (var net in new[] { StepNet.Dnn, StepNet.LargeBatch, StepNet.Lstmp, StepNet.Blstm })
        {
            using var first = new StepProcess(net);
            using var second = new StepProcess(net);
            List<double> one = [], two = [], sums = [];
            for (var round = 0; round < options.Rounds; round++)
            {
                one.Add(first.Turn(threads: 1, options.SliceSeconds));
                two.Add(first.Turn(threads: 2, options.SliceSeconds));
                first.Begin(threads: 1, LongTurn * options.SliceSeconds);
                second.Begin(threads: 1, LongTurn * options.SliceSeconds);
                sums.Add(first.End() + second.End());
            }

            var (alone, threads, sum) = (Stopwatches.Median(one), Stopwatches.Median(two), Stopwatches.Median(sums));
            Console.WriteLine(
                $"  {net.Name,-36} 1 thread {alone,7:F0}  2 threads {threads,7:F0} = {threads / alone:F2} x  two processes side by side "
                + $"{sum,7:F0} = {sum / alone:F2} x");
            yield return new($"{net.Name}: 2 threads beside 1", 2, threads, "frames/s", "1 thread", alone, threads / alone);
            yield return new($"{net.Name}: two processes beside one", 1, sum, "frames/s", "one process", alone, sum / alone);
        }
    }
}
