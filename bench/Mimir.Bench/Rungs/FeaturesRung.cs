using System.Runtime.InteropServices;
using Mimir.Bench.Peers;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Features.Pitch;

namespace Mimir.Bench.Rungs;

/// <summary>How many times faster than real time one core extracts features, beside torchaudio, and where the time goes.</summary>
internal sealed class FeaturesRung : IRung
{
    private const string Unit = "x real time";

    /// <inheritdoc/>
    public string Name => "features";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("mimir-bench-").FullName;
        try
        {
            var wave = SpeechLike.Create(seconds: 10);
            var file = Path.Combine(folder, "wave.f32");
            File.WriteAllBytes(file, MemoryMarshal.AsBytes<float>(wave));
            Console.WriteLine();
            Console.WriteLine(
                $"features of {wave.Length / SpeechLike.Rate} s of audio in memory, one thread, x real time: best (median) of "
                + $"{options.Rounds} rounds");
            using var torch = TorchPeer.Start(Path.Combine(options.Checkout, "bench", "peers", "features.py"), 1);
            List<BenchRecord> records = [];
            foreach (var (kind, features) in new (string, FeatureOptions)[]
                { ("fbank-40", new FbankOptions { Mel = new() { NumMelBins = 40 } }), ("mfcc-13", new MfccOptions()) })
            {
                records.Add(Compare(options, torch, kind, features with { Frame = features.Frame with { Dither = 0 } }, wave, file));
                records.Add(Compare(options, torch, kind, features, wave, file));
            }

            records.Add(WithPitch(options, wave));
            FeatureStages.Print(wave, options.SliceSeconds / 10);
            return [.. records, .. Files(options, folder, wave)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static BenchRecord Compare(
        BenchOptions options, TorchPeer? torch, string kind, FeatureOptions features, float[] wave, string file)
    {
        var extractor = features.CreateExtractor();
        var (ours, theirs) = (new List<double>(), new List<double>());
        Stopwatches.Mean(options.SliceSeconds / 2, () => extractor.Compute(wave));
        for (var round = 0; round < options.Rounds; round++)
        {
            ours.Add(RealTime(wave, Stopwatches.Mean(options.SliceSeconds / 2, () => extractor.Compute(wave))));
            if (torch is not null)
                theirs.Add(torch.Ask($"{kind} {features.Frame.Dither} {file}", options.SliceSeconds / 2));
        }

        var name = $"{kind}, dither {features.Frame.Dither}";
        Console.Write($"  {name,-20} Mimir {ours.Max():F0} ({Stopwatches.Median(ours):F0})");
        Console.WriteLine(
            torch is null
                ? ""
                : $"  {torch.Name} {theirs.Max():F0} ({Stopwatches.Median(theirs):F0})  Mimir is {ours.Max() / theirs.Max():F1} x");
        return torch is null
            ? new BenchRecord(name, 1, ours.Max(), Unit)
            : new BenchRecord(name, 1, ours.Max(), Unit, torch.Name, theirs.Max(), ours.Max() / theirs.Max());
    }

    // No peer: Debian builds torchaudio without its port of Kaldi's pitch.
    private static BenchRecord WithPitch(BenchOptions options, float[] wave)
    {
        var extractor = new PitchAppender(new MfccOptions().CreateExtractor(), new PitchFeatureOptions());
        Stopwatches.Mean(options.SliceSeconds / 2, () => extractor.Compute(wave));
        var ours = Enumerable.Range(0, options.Rounds)
            .Select(_ => RealTime(wave, Stopwatches.Mean(options.SliceSeconds / 2, () => extractor.Compute(wave)))).ToList();
        Console.WriteLine($"  mfcc-13 + pitch      Mimir {ours.Max():F0} ({Stopwatches.Median(ours):F0})");
        return new BenchRecord("mfcc-13 + pitch, dither 1", 1, ours.Max(), Unit);
    }

    // What comes before extraction: decoding.
    private static IEnumerable<BenchRecord> Files(BenchOptions options, string folder, float[] wave)
    {
        short[] samples = [.. wave.Select(x => (short)x)];
        foreach (var (format, write) in new (string, Action<string>)[]
            { ("wav", path => SoundFile.WriteWav(path, samples, SpeechLike.Rate)),
                ("flac", path => SoundFile.WriteFlac(path, samples, SpeechLike.Rate)) })
        {
            var path = Path.Combine(folder, $"wave.{format}");
            write(path);
            var best = RealTime(wave, Stopwatches.Best(options.SliceSeconds, () => SoundFile.Read(path)));
            Console.WriteLine($"  reading {format,-12} {best:F0}");
            yield return new BenchRecord($"reading {format}", 1, best, Unit);
        }
    }

    private static double RealTime(float[] wave, double seconds) => wave.Length / (SpeechLike.Rate * seconds);
}
