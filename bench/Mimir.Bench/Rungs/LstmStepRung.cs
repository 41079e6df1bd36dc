using System.Diagnostics;
using Mimir.Bench.Peers;
using Mimir.Core.Native;
using Mimir.Core.Runtime;

namespace Mimir.Bench.Rungs;

/// <summary>Frames per second of a training step of a recurrent network, beside TorchSharp, a slow route and bare products.</summary>
/// <remarks>
/// The slow route, frame by frame, is Mimir's reference route: the input product of all frames at once, then for each frame the recurrent
/// product and each pointwise operation by itself, as nnet1 has them.
/// </remarks>
/// <param name="of">The network and its batch.</param>
internal sealed class LstmStepRung(LstmCase of) : IRung
{
    /// <inheritdoc/>
    public string Name => of.Rung;

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var peak = PeakFlops.Measure(options.SliceSeconds / 2);
        Console.WriteLine($"one core's multiply-adds on registers: {peak / 1e9:F0} GFLOP/s");
        return options.ThreadCounts.SelectMany(threads => Measure(options, threads, peak));
    }

    private List<BenchRecord> Measure(BenchOptions options, int threads, double peak)
    {
        using var trainer = new LstmTrainer(of);
        using var torch = new TorchLstm(of);
        using var large = new BareProducts(of.Products(atOnce: true));
        using var asTheyOccur = new BareProducts(of.Products(atOnce: false));
        var contest = new Contest(threads, of.Frames, [trainer, torch]);
        for (var round = 0; round < options.Rounds; round++)
        {
            contest.Round(options.SliceSeconds);
            large.Measure(options.SliceSeconds / 2);
            asTheyOccur.Measure(options.SliceSeconds / 2);
        }

        var (step, stages) = QuickestStep(trainer, options.SliceSeconds);
        var byFrame = FrameByFrame(trainer, of.Frames, options.SliceSeconds / 2);

        // Against the quickest product of each shape stands the quickest step.
        var name = $"lstm-step {of.Name}";
        var limit = of.Frames / large.LimitSeconds();
        Console.WriteLine();
        Console.WriteLine($"{name}, {threads} thread(s): median of {options.Rounds} rounds, frames/s");
        contest.Print();
        Console.WriteLine($"  {"frame by frame, one turn",-52} {byFrame,8:F0}  Mimir is {contest.Speed / byFrame:F2} x");
        Console.WriteLine(
            $"  bare products, best library each: {limit:F0} at the rate of large ones, {of.Frames / asTheyOccur.LimitSeconds():F0} as "
            + $"they occur. The quickest step is {contest.Quickest / limit:P1} of the large ones, "
            + $"{large.Flops / of.Frames * contest.Quickest / peak / threads:P1} of the multipliers' peak");
        PrintStages(trainer, stages, step, threads);
        foreach (var line in large.Describe()
            .Concat(asTheyOccur.Describe().Skip(1).Where(line => line.Contains(ProductShape.Recurrent, StringComparison.Ordinal)))
            .Distinct())
            Console.WriteLine(line);
        return
        [
            new($"{name}, of bare sgemm", threads, contest.Quickest, "frames/s", "bare sgemm", limit, contest.Quickest / limit),
            .. contest.Records(name),
            new(name, threads, contest.Speed, "frames/s", "frame by frame", byFrame, contest.Speed / byFrame),
        ];
    }

    // The stages are counted by the wall.
    private static (double Seconds, RecurrentStages Stages) QuickestStep(LstmTrainer trainer, double seconds)
    {
        RecurrentStages.Take();
        var (best, stages) = (double.MaxValue, RecurrentStages.Take());
        Stopwatches.Mean(seconds, () =>
        {
            var begin = Stopwatch.GetTimestamp();
            trainer.Step();
            var time = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            var taken = RecurrentStages.Take();
            if (time < best)
                (best, stages) = (time, taken);
        });
        return (best, stages);
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
}
