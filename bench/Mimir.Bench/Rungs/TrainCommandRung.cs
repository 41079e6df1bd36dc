using System.Diagnostics;

namespace Mimir.Bench.Rungs;

/// <summary>
/// What the command costs around the training: how long <c>mimir --help</c> takes, how long <c>mimir train</c> takes from
/// its start to the first step, and the most memory that it holds, on a small part of the default recipe's corpus.
/// </summary>
internal sealed class TrainCommandRung : IRung
{
    private static readonly string[] SmallCorpus =
    [
        "--set", "corpus.synth.train-utterances=80", "--set", "corpus.synth.dev-utterances=20", "--set", "corpus.synth.test-utterances=20",
        "--set", "corpus.synth.train-speakers=4", "--set", "corpus.synth.dev-speakers=2", "--set", "corpus.synth.test-speakers=2",
        "--set", "train.schedule.newbob.max-epochs=1",
    ];

    /// <inheritdoc/>
    public string Name => "train-command";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("mimir-bench-").FullName;
        try
        {
            var program = Path.Combine(options.Checkout, "artifacts", "mimir", "mimir");
            var help = Enumerable.Range(0, options.Rounds).Min(_ => Start(program, folder, "--help").Seconds);
            yield return new BenchRecord("mimir --help", 1, help, "s");

            string[] train = ["train", Path.Combine(options.Checkout, "recipes", "mandarin-digits", "dnn.yaml"), .. SmallCorpus];
            Start(program, folder, [.. train, "--set", "output=first"]);
            var runs = Enumerable.Range(0, options.Rounds)
                .Select(round => Start(program, folder, [.. train, "--set", $"output=run{round}", "--no-decode"], $"run{round}/log.jsonl"))
                .ToList();
            yield return new BenchRecord("mimir train, start to first step", 1, runs.Min(run => run.FirstStep), "s");
            yield return new BenchRecord("mimir train, peak memory", 1, runs.Max(run => run.PeakBytes) / (double)(1 << 20), "MiB");
            Console.WriteLine();
            Console.WriteLine(
                $"mimir --help {help:F3} s; mimir train to its first step {runs.Min(run => run.FirstStep):F2} s, at most "
                + $"{runs.Max(run => run.PeakBytes) >> 20} MiB");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double Seconds, double FirstStep, long PeakBytes) Start(string program, string folder, params string[] arguments) =>
        Start(program, folder, arguments, log: null);

    private static (double Seconds, double FirstStep, long PeakBytes) Start(string program, string folder, string[] arguments, string? log)
    {
        var start = new ProcessStartInfo(
            program, arguments)
        { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var (firstStep, peak) = (0.0, 0L);
        while (log is not null && !process.WaitForExit(5))
        {
            peak = Math.Max(peak, PeakMemory.Of(process.Id));
            if (firstStep == 0 && HasStarted(Path.Combine(folder, log)))
                firstStep = clock.Elapsed.TotalSeconds;
        }

        process.WaitForExit();
        var errors = output.GetAwaiter().GetResult()[1];
        return process.ExitCode == 0
            ? (clock.Elapsed.TotalSeconds, firstStep, peak)
            : throw new InvalidOperationException($"{string.Join(' ', arguments)}: exit code {process.ExitCode}\n{errors}");
    }

    private static bool HasStarted(string log)
    {
        if (!File.Exists(log))
            return false;

        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains("\"event\":\"epoch-start\"", StringComparison.Ordinal);
    }
}
