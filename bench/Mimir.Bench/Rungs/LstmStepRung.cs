using System.Diagnostics;
using Mimir.Bench.Peers;
using Mimir.Core.Native;
using Mimir.Core.Runtime;

namespace Mimir.Bench.Rungs;

/// <summary>
/// Frames per second of a training step of recurrent networks, beside PyTorch, a frame-by-frame route and the bare products.
/// </summary>
/// <remarks>
/// Frame by frame is Mimir's reference route: the input product of all frames at once, then for each frame the recurrent
/// product and each pointwise operation by itself, as nnet1 has them.
/// </remarks>
internal sealed class LstmStepRung : IRung
{
    // nnet1 on the CPU, the LSTMP case at 1 and 2 threads.
    private static readonly double[] KaldiSpeeds = [3910, 4640];

    /// <inheritdoc/>
    public string Name => "lstm-step";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var peak = PeakFlops.Measure(options.SliceSeconds / 2);
        Console.WriteLine($"one core's multiply-adds on registers: {peak / 1e9:F0} GFLOP/s");
        foreach (var threads in options.ThreadCounts)
        {
            Threads.Count = threads;
            using var torch = TorchPeer.Start(Path.Combine(options.Checkout, "bench", "peers", "lstm_step.py"), threads);
            foreach (var of in LstmCase.All)
            {
                foreach (var record in Measure(options, of, torch, threads, peak))
                    yield return record;
            }
        }
    }

    private static List<BenchRecord> Measure(BenchOptions options, LstmCase of, TorchPeer? torch, int threads, double peak)
    {
        using var trainer = new LstmTrainer(of);
        using var large = new BareProducts(of.Products(atOnce: true));
        using var asTheyOccur = new BareProducts(of.Products(atOnce: false));
        var (ours, theirs, byFrame) = (new List<double>(), new List<double>(), new List<double>());
        trainer.Step();
        RecurrentStages.Take();
        var (best, stages) = (double.MaxValue, RecurrentStages.Take());

        // A step of the large networks takes seconds on the slow sides.
        var rounds = of.Frames > 1000 ? Math.Min(2, options.Rounds) : options.Rounds;
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(of.Frames / Stopwatches.Mean(options.SliceSeconds, Timed));
            if (torch is not null)
                theirs.Add(torch.Ask(of.Request, options.SliceSeconds));
            if (round == 0 || of.Frames <= 1000)
                byFrame.Add(FrameByFrame(trainer, of.Frames, options.SliceSeconds / 2));
            large.Measure(options.SliceSeconds);
            asTheyOccur.Measure(options.SliceSeconds / 2);
        }

        var name = $"lstm-step {of.Name}";

        // Against the quickest product of each shape stands the quickest step; against PyTorch's mean of a turn, the same.
        var (speed, quickest, limit) = (ours.Max(), of.Frames / best, of.Frames / large.LimitSeconds());
        List<BenchRecord> records = [new(name, threads, quickest, "frames/s", "bare sgemm", limit, quickest / limit)];
        Console.WriteLine();
        Console.WriteLine($"{name}, {threads} thread(s): best (median) of {rounds} rounds, frames/s");
        Console.WriteLine(
            $"  Mimir {speed:F0} ({Median(ours):F0}); its quickest step {quickest:F0} = {quickest / limit:P1} of the bare products, "
            + $"{large.Flops / of.Frames * quickest / peak / threads:P1} of the multipliers' peak");
        if (torch is not null)
        {
            Console.WriteLine(
                $"  {torch.Name} {theirs.Max():F0} ({Median(theirs):F0})  Mimir is {speed / theirs.Max():F2} x "
                + $"({Median([.. ours.Zip(theirs, (a, b) => a / b)]):F2} x by median round)");
            records.Add(Record(torch.Name, theirs.Max()));
        }

        Console.WriteLine($"  frame by frame {byFrame.Max():F0} ({Median(byFrame):F0})  Mimir is {speed / byFrame.Max():F2} x");
        records.Add(Record("frame by frame", byFrame.Max()));
        if (of == LstmCase.All[0] && threads <= KaldiSpeeds.Length)
        {
            Console.WriteLine(
                $"  Kaldi nnet1 {KaldiSpeeds[threads - 1]:F0} (measured before)  Mimir is {speed / KaldiSpeeds[threads - 1]:F2} x");
            records.Add(Record("Kaldi nnet1", KaldiSpeeds[threads - 1]));
        }

        Console.WriteLine(
            $"  bare products, best library each: {limit:F0} at the rate of large ones, {of.Frames / asTheyOccur.LimitSeconds():F0} as "
            + $"they occur");
        PrintStages(trainer, stages, best, threads);
        foreach (var line in large.Describe()
            .Concat(asTheyOccur.Describe().Skip(1).Where(line => line.Contains(ProductShape.Recurrent, StringComparison.Ordinal)))
            .Distinct())
            Console.WriteLine(line);
        return records;

        void Timed()
        {
            // The stages are counted by the wall.
            var begin = Stopwatch.GetTimestamp();
            trainer.Step();
            var time = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            var taken = RecurrentStages.Take();
            if (time < best)
                (best, stages) = (time, taken);
        }

        BenchRecord Record(string peer, double value) => new(name, threads, speed, "frames/s", peer, value, speed / value);
    }

    private static double FrameByFrame(LstmTrainer trainer, int frames, double seconds)
    {
        using var route = new ReferenceRoute();
        return frames / Stopwatches.Mean(seconds, trainer.Step);
    }

    // Of the quickest step, on the calling thread.
    private static void PrintStages(LstmTrainer trainer, RecurrentStages s, double step, int threads)
    {
        var rest = step - s.Packing - s.InputProducts - s.RecurrentProducts - s.Pointwise - s.Waiting - s.InputGradients
            - s.WeightGradients;
        (string Name, double Seconds)[] all =
        [
            ("packing weights", s.Packing), ("input products", s.InputProducts), ("recurrent products", s.RecurrentProducts),
            ("pointwise", s.Pointwise), ("waiting", s.Waiting), ("input gradients", s.InputGradients),
            ("weight gradients", s.WeightGradients), ("loss", trainer.Phases[1]), ("output layer, step", rest - trainer.Phases[1]),
        ];
        var parts = all.Where(part => threads > 1 || part.Name != "waiting")
            .Select(part => $"{part.Name} {1e3 * part.Seconds:F2} ({part.Seconds / step:P0})");
        Console.WriteLine($"  ms of {1e3 * step:F2}: {string.Join(", ", parts)}");
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
