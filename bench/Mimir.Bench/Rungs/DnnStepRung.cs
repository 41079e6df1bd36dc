using Mimir.Bench.Peers;

namespace Mimir.Bench.Rungs;

/// <summary>Frames per second of a training step of the DNN 440-1024x4-600, beside TorchSharp and the bare products.</summary>
internal sealed class DnnStepRung : IRung
{
    /// <inheritdoc/>
    public string Name => "dnn-step";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var peak = PeakFlops.Measure(options.SliceSeconds / 2);
        Console.WriteLine($"one core's multiply-adds on registers: {peak / 1e9:F0} GFLOP/s");
        yield return new BenchRecord("peak", 1, peak / 1e9, "GFLOP/s");

        foreach (var threads in options.ThreadCounts)
        {
            foreach (var batch in new[] { 256, 1024 })
            {
                foreach (var record in Measure(options, batch, threads, peak))
                    yield return record;
            }
        }
    }

    private static List<BenchRecord> Measure(BenchOptions options, int batch, int threads, double peak)
    {
        using var trainer = DnnTrainer.Large(batch);
        using var autograd = new TorchDnn(trainer.Dims, batch);
        using var inPlace = new TorchDnnInPlace(trainer.Dims, batch);
        using var products = new BareProducts(ProductShape.OfDnn(trainer.Dims, batch));
        var contest = new Contest(threads, batch, [trainer, autograd, inPlace]);
        for (var round = 0; round < options.Rounds; round++)
        {
            contest.Round(options.SliceSeconds);
            products.Measure(options.SliceSeconds);
            Stopwatches.Best(options.SliceSeconds / 20, trainer.Gather);
        }

        // Against the quickest product of each shape stands the quickest step.
        var name = $"dnn-step 440-1024x4-600 batch {batch}";
        var limit = batch / products.LimitSeconds();
        Console.WriteLine();
        Console.WriteLine($"{name}, {threads} thread(s): median of {options.Rounds} rounds, frames/s");
        contest.Print();
        Console.WriteLine(
            $"  bare products, best library each: {limit:F0}; as chosen: {batch / products.ChosenSeconds():F0}. The quickest step is "
            + $"{contest.Quickest / limit:P1} of them, {products.Flops / batch * contest.Quickest / peak / threads:P1} of the "
            + "multipliers' peak");
        PrintPhases(trainer, products, batch / contest.Quickest);
        foreach (var line in products.Describe())
            Console.WriteLine(line);

        return
        [
            new($"{name}, of bare sgemm", threads, contest.Quickest, "frames/s", "bare sgemm", limit, contest.Quickest / limit),
            .. contest.Records(name),
        ];
    }

    private static void PrintPhases(DnnTrainer trainer, BareProducts products, double step)
    {
        var (gather, forward, loss, backward) = (trainer.Phases[0], trainer.Phases[1], trainer.Phases[2], trainer.Phases[3]);
        var (up, down, update) =
            (products.ChosenSeconds("forward"), products.ChosenSeconds("input gradient"), products.ChosenSeconds("weight gradient"));
        Console.WriteLine(
            $"  ms of {1e3 * step:F2}: gather {1e3 * gather:F2}, forward products {1e3 * up:F2}, bias and sigmoid "
            + $"{1e3 * (forward - gather - up):F2}, loss {1e3 * loss:F2}, input-gradient products {1e3 * down:F2}, weight-gradient "
            + $"products with update {1e3 * update:F2}, derivatives {1e3 * (backward - down - update):F2}");
    }
}
