using Mimir.Bench.Peers;

namespace Mimir.Bench.Rungs;

/// <summary>Sums of a vector over the processes of this machine, beside Open MPI and gloo.</summary>
internal sealed class AllReduceRung : IRung
{
    private static readonly long[] Sizes = [4L << 10, 1L << 20, 64L << 20, 256L << 20];

    /// <inheritdoc/>
    public string Name => "allreduce";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var copy = CopyRate(options.SliceSeconds);
        Console.WriteLine($"one core copies memory at {copy / 1e9:F1} GB/s");
        yield return new BenchRecord("memory copy", 1, copy / 1e9, "GB/s");
        foreach (var workers in new[] { 2, 4 })
        {
            List<AllReducePeer> peers = [];
            foreach (var peer in (AllReducePeer?[])[
                AllReducePeer.Mimir(workers, "shared"), AllReducePeer.Mimir(workers, "ring"),
                AllReducePeer.OpenMpi(workers, options.Checkout), AllReducePeer.Gloo(workers, options.Checkout)])
            {
                if (peer is not null)
                    peers.Add(peer);
            }

            foreach (var bytes in Sizes)
            {
                foreach (var record in Measure(options, peers, workers, bytes, copy))
                    yield return record;
            }

            peers.ForEach(peer => peer.Dispose());
        }
    }

    // In turns, so that what disturbs the machine disturbs all.
    private static List<BenchRecord> Measure(BenchOptions options, List<AllReducePeer> peers, int workers, long bytes, double copy)
    {
        var times = (int)Math.Clamp(options.SliceSeconds * 5e8 / bytes, 3, 100);
        var rounds = bytes > 1L << 20 ? Math.Min(3, options.Rounds) : options.Rounds;
        var best = Enumerable.Repeat(double.MaxValue, peers.Count).ToArray();
        var medians = peers.Select(_ => new List<double>()).ToList();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < peers.Count; i++)
            {
                var (quickest, median) = peers[i].Sum(bytes, times);
                best[i] = Math.Min(best[i], quickest);
                medians[i].Add(median);
            }
        }

        var name = $"allreduce {bytes >> 10} kB, {workers} workers";
        Console.WriteLine();
        Console.WriteLine($"{name}: bus bandwidth, best (median) of {rounds} rounds of {times}");
        double Bandwidth(double seconds) => 2.0 * (workers - 1) / workers * bytes / seconds;
        List<BenchRecord> records = [];
        for (var i = 0; i < peers.Count; i++)
        {
            var (rate, typical) = (Bandwidth(best[i]), Bandwidth(medians[i].Order().ElementAt(medians[i].Count / 2)));
            Console.WriteLine(
                $"  {peers[i].Name,-32} {1e3 * best[i],9:F3} ms  {rate / 1e9,7:F2} ({typical / 1e9:F2}) GB/s = {rate / copy:P0} of the "
                + $"copy rate");
            if (i > 0)
                records.Add(new(name, workers, Bandwidth(best[0]) / 1e9, "GB/s", peers[i].Name, rate / 1e9, best[i] / best[0]));
        }

        return records;
    }

    private static double CopyRate(double seconds)
    {
        var (source, target) = (new byte[64 << 20], new byte[64 << 20]);
        return source.Length / Stopwatches.Best(seconds, () => source.CopyTo(target, 0));
    }
}
