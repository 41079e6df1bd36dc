using System.Numerics;
using Mimir.Features.Extraction;
using Mimir.Features.Signal;

namespace Mimir.Bench;

/// <summary>The time of each stage of extraction, run by itself on one block of frames.</summary>
internal static class FeatureStages
{
    private const int Repeats = 100;

    /// <summary>Prints nanoseconds a frame and the share of fbank-40 with dither.</summary>
    /// <param name="wave">The audio.</param>
    /// <param name="seconds">How long each stage is repeated.</param>
    public static void Print(float[] wave, double seconds)
    {
        const int First = 64;
        var quiet = new FrameOptions { Dither = 0 };
        var window = WindowFunction.Create(quiet.WindowType, quiet.WindowSize);
        var block = new FrameBlock<float>(quiet, window, rawEnergy: true, ditherSeed: 1);
        var fft = new RealFft<float>(quiet.PaddedWindowSize);
        var banks = new MelBanks(new MelOptions { NumMelBins = 40 }, quiet);
        var noise = new GaussianNoise(1);
        var (signal, power, mel, logs) = (new Vector<float>[512], new Vector<float>[257], new Vector<float>[40], new Vector<float>[40]);
        var zeros = new Vector<float>[512];
        var rows = new float[40 * FrameBlock<float>.Lanes];
        var extractor = new FbankExtractor(new FbankOptions { Mel = new() { NumMelBins = 40 } });
        var frames = extractor.Compute(wave).Rows;

        (string Name, Action Work)[] stages =
        [
            ("dither", () => { noise.Start(First); noise.AddTo(signal.AsSpan(0, window.Length), 1); }),
            ("cut, mean, pre-emphasis, window", () => block.Load(wave, First, FrameBlock<float>.Lanes)),
            ("FFT and power", () => fft.Power(zeros, power)), // of zeros, which stay zeros when they are transformed again
            ("mel", () => banks.Apply<float>(power, mel)),
            ("log", () => Log(mel, logs)),
            ("back to rows", () => LaneTranspose.ToRows<float>(logs, rows)),
        ];
        var whole = Stopwatches.Best(10 * seconds, () => extractor.Compute(wave)) / frames;
        var sum = 0.0;
        Console.WriteLine($"  stages of fbank-40 with dither, ns a frame of {1e9 * whole:F0}:");
        foreach (var (name, work) in stages)
        {
            var time = Stopwatches.Best(seconds, () => Repeat(work)) / (Repeats * FrameBlock<float>.Lanes);
            sum += time;
            Console.WriteLine($"    {name,-34} {1e9 * time,5:F0}  {time / whole,6:P1}");
        }

        Console.WriteLine($"    {"the rest: memory, checks",-34} {1e9 * (whole - sum),5:F0}  {(whole - sum) / whole,6:P1}");
    }

    private static void Repeat(Action work)
    {
        for (var i = 0; i < Repeats; i++)
            work();
    }

    private static void Log(Vector<float>[] mel, Vector<float>[] logs)
    {
        for (var i = 0; i < mel.Length; i++)
            logs[i] = LaneMath.Log<float>(Vector.Max(mel[i], Vector<float>.One));
    }
}
