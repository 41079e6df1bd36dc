using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mimir.Bench;

/// <summary>Times repeated work, by the wall or by the processor time of the calling thread.</summary>
internal static partial class Stopwatches
{
    /// <summary>Gets or sets a value indicating whether processor time counts: on a busy machine it still tells one thread's
    /// speed.</summary>
    public static bool ByProcessorTime { get; set; }

    /// <summary>Seconds on the clock in use.</summary>
    public static double Now()
    {
        const int ThreadCpuTime = 3;
        if (!ByProcessorTime)
            return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

        _ = ClockGetTime(ThreadCpuTime, out var time);
        return time.Seconds + (1e-9 * time.Nanoseconds);
    }

    /// <summary>Repeats work for about some seconds.</summary>
    /// <param name="seconds">How long, at least once.</param>
    /// <param name="work">What to repeat.</param>
    /// <returns>Seconds for one repetition, the mean.</returns>
    public static double Mean(double seconds, Action work)
    {
        var start = Now();
        var count = 0;
        double elapsed;
        do
        {
            work();
            count++;
            elapsed = Now() - start;
        }
        while (elapsed < seconds);
        return elapsed / count;
    }

    /// <summary>Repeats work for about some seconds.</summary>
    /// <param name="seconds">How long, at least once.</param>
    /// <param name="work">What to repeat.</param>
    /// <returns>Seconds of the quickest repetition, which other programs disturbed least.</returns>
    public static double Best(double seconds, Action work)
    {
        var start = Now();
        var best = double.MaxValue;
        double end;
        do
        {
            var begin = Now();
            work();
            end = Now();
            best = Math.Min(best, end - begin);
        }
        while (end - start < seconds);
        return best;
    }

    /// <summary>The middle one of some figures; of an even number of them the higher of both.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
