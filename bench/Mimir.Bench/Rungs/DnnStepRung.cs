using Mimir.Bench.Peers;
using Mimir.Core.Native;

namespace Mimir.Bench.Rungs;

/// <summary>Frames per second of a training step of the DNN 440-1024x4-600, beside PyTorch and the bare products.</summary>
internal sealed class DnnStepRung : IRung
{
    private const int HiddenLayers = 4, HiddenDim = 1024, Classes = 600;

    /// <inheritdoc/>
    public string Name => "dnn-step";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var info = RuntimeInfo.Read();
        var peak = PeakFlops.Measure(options.SliceSeconds / 2);
        var mkl = info.Mkl ? "MKL in libtorch" : "no MKL";
        Console.WriteLine($"{info.InstructionSet}; {mkl}; oneDNN {info.OneDnn}; libtorch {info.LibTorch}");
        Console.WriteLine($"one core's multiply-adds on registers: {peak / 1e9:F0} GFLOP/s");
        yield return new BenchRecord("peak", 1, peak / 1e9, "GFLOP/s");

        foreach (var threads in options.ThreadCounts)
        {
            Threads.Count = threads;
            using var torch = TorchPeer.Start(Path.Combine(options.Checkout, "bench", "peers", "dnn_step.py"), threads);
            foreach (var batch in new[] { 256, 1024 })
            {
                foreach (var record in Measure(options, torch, batch, threads, peak))
                    yield return record;
            }
        }

        Threads.Count = 1;
    }

    private static List<BenchRecord> Measure(BenchOptions options, TorchPeer? torch, int batch, int threads, double peak)
    {
        using var trainer = new DnnTrainer(HiddenLayers, HiddenDim, Classes, batch);
        using var products = new BareProducts(ProductShape.OfDnn(trainer.Dims, batch));
        var ours = new List<double>();
        var theirs = new List<double>();
        trainer.Step();
        for (var round = 0; round < options.Rounds; round++)
        {
            ours.Add(batch / Stopwatches.Mean(options.SliceSeconds, trainer.Step));
            if (torch is not null)
                theirs.Add(torch.FramesPerSecond(trainer.Dims, batch, options.SliceSeconds));
            products.Measure(options.SliceSeconds);
            Stopwatches.Best(options.SliceSeconds / 20, trainer.Gather);
        }

        var name = $"dnn-step 440-1024x4-600 batch {batch}";
        var limit = batch / products.LimitSeconds();
        Console.WriteLine();
        Console.WriteLine($"{name}, {threads} thread(s): best (median) of {options.Rounds} rounds, frames/s");
        Console.WriteLine(
            $"  Mimir {ours.Max():F0} ({Median(ours):F0})  = {ours.Max() / limit:P1} of the bare products, "
            + $"{products.Flops / batch * ours.Max() / peak / threads:P1} of the multipliers' peak");
        if (torch is not null)
            Console.WriteLine(
                $"  {torch.Name} {theirs.Max():F0} ({Median(theirs):F0})  Mimir is {ours.Max() / theirs.Max():F2} x "
                + $"({Median([.. ours.Zip(theirs, (a, b) => a / b)]):F2} x by median round)");
        Console.WriteLine($"  bare products, best library each: {limit:F0}; as chosen: {batch / products.ChosenSeconds():F0}");
        PrintPhases(trainer, products);
        foreach (var line in products.Describe())
            Console.WriteLine(line);

        List<BenchRecord> records =
            [new($"{name}, of bare sgemm", threads, ours.Max(), "frames/s", "bare sgemm", limit, ours.Max() / limit)];
        if (torch is not null)
            records.Add(new(name, threads, ours.Max(), "frames/s", torch.Name, theirs.Max(), ours.Max() / theirs.Max()));
        return records;
    }

    private static void PrintPhases(DnnTrainer trainer, BareProducts products)
    {
        var (gather, forward, loss, backward) = (trainer.Phases[0], trainer.Phases[1], trainer.Phases[2], trainer.Phases[3]);
        var (up, down, update) =
            (products.ChosenSeconds("forward"), products.ChosenSeconds("input gradient"), products.ChosenSeconds("weight gradient"));
        Console.WriteLine(
            $"  ms: gather {1e3 * gather:F2}, forward products {1e3 * up:F2}, bias and sigmoid {1e3 * (forward - gather - up):F2}, loss "
                + $"{1e3 * loss:F2}, "
            + $"input-gradient products {1e3 * down:F2}, weight-gradient products with update {1e3 * update:F2}, derivatives "
                + $"{1e3 * (backward - down - update):F2}");
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
