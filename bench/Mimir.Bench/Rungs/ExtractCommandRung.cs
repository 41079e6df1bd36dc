using System.Diagnostics;
using Mimir.Features.Audio;

namespace Mimir.Bench.Rungs;

/// <summary>
/// What <c>mimir kaldi compute-fbank-feats</c> makes of the extractor on all cores, from WAV files to an archive: speed by
/// the wall, and the memory that ten minutes and two hours of audio take.
/// </summary>
internal sealed class ExtractCommandRung : IRung
{
    /// <inheritdoc/>
    public string Name => "extract-command";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("mimir-bench-").FullName;
        try
        {
            var program = Path.Combine(options.Checkout, "artifacts", "mimir", "mimir");
            var wave = Path.Combine(folder, "wave.wav");
            SoundFile.WriteWav(wave, [.. SpeechLike.Create(seconds: 10).Select(x => (short)x)], SpeechLike.Rate);
            Console.WriteLine();
            List<BenchRecord> records = [];
            foreach (var (name, count) in new[] { ("10 minutes", 60), ("2 hours", 720) })
            {
                var script = Path.Combine(folder, "wav.scp");
                File.WriteAllLines(script, Enumerable.Range(0, count).Select(i => $"utt{i:D4} {wave}"));
                var (seconds, peak) =
                    Start(program, "kaldi", "compute-fbank-feats", "--num-mel-bins=40", $"scp:{script}", $"ark:{folder}/feats.ark");
                Console.WriteLine(
                    $"compute-fbank-feats of {name}: {seconds:F2} s, {10 * count / seconds:F0} x real time on "
                    + $"{Environment.ProcessorCount} cores, at most {peak >> 20} MiB");
                records.Add(new BenchRecord(
                    $"compute-fbank-feats, {name}", Environment.ProcessorCount, 10 * count / seconds, "x real time"));
                records.Add(new BenchRecord(
                    $"compute-fbank-feats, {name}, peak memory", Environment.ProcessorCount, peak / (double)(1 << 20), "MiB"));
            }

            return records;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double Seconds, long Peak) Start(string program, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} does not start");
        var errors = process.StandardError.ReadToEndAsync();
        var peak = 0L;
        while (!process.WaitForExit(2))
            peak = Math.Max(peak, PeakMemory.Of(process.Id));

        return process.ExitCode == 0
            ? (clock.Elapsed.TotalSeconds, peak)
            : throw new InvalidOperationException(
                $"{string.Join(' ', arguments)}: exit code {process.ExitCode}\n{errors.GetAwaiter().GetResult()}");
    }
}
