using Mimir.Core.Native;

namespace Mimir.Bench.Rungs;

/// <summary>The memory of a BLSTM's training against the frames of a sequence and against the number of steps.</summary>
/// <remarks>A rung of its own: what other measurements have left in the process would hide it.</remarks>
internal sealed class LstmMemoryRung : IRung
{
    private const int Sequences = 8, MoreSteps = 12;
    private const double MiB = 1 << 20;

    /// <inheritdoc/>
    public string Name => "lstm-memory";

    /// <inheritdoc/>
    /// <remarks>Measures in this process, whose high-water mark is reset before each network.</remarks>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        Threads.Count = 1;
        Console.WriteLine($"peak memory of training, BLSTM 3x512, {Sequences} sequences of T frames:");
        var peaks = new List<(int Frames, double Peak)>();
        foreach (var frames in new[] { 50, 100, 200, 400 })
        {
            GC.Collect();
            PeakMemory.Reset();
            using var trainer = new LstmTrainer(LstmCase.All[1] with { Lengths = [.. Enumerable.Repeat(frames, Sequences)] });
            trainer.Step();
            trainer.Step();
            peaks.Add((frames, PeakMemory.Of(Environment.ProcessId) / MiB));
            var slope = peaks.Count < 2 ? double.NaN : (peaks[^1].Peak - peaks[^2].Peak) * MiB / (Sequences * (frames - peaks[^2].Frames));
            Console.Write($"  T {frames}: {peaks[^1].Peak:F0} MiB after 2 steps");
            Console.Write(peaks.Count < 2 ? "" : $", {slope / 1024:F0} KiB more for a frame more");
            if (frames == 100)
            {
                for (var i = 0; i < MoreSteps; i++)
                    trainer.Step();
                var later = PeakMemory.Of(Environment.ProcessId) / MiB;
                Console.Write($", {later:F0} MiB after {2 + MoreSteps}");
                yield return new("lstm-memory after 14 steps beside 2", 1, later, "MiB", "2 steps", peaks[^1].Peak, peaks[^1].Peak / later);
            }

            Console.WriteLine();
            yield return new($"lstm-memory, BLSTM 3x512, {Sequences} x {frames}", 1, peaks[^1].Peak, "MiB");
        }
    }
}
