using Mimir.Bench.Peers;

namespace Mimir.Bench.Rungs;

/// <summary>Training steps beside other processes at full load: one thread, two, and the number that Mimir chooses.</summary>
internal sealed class BusyRung : IRung
{
    private const double LongTurn = 2;
    private static readonly (int Threads, string Name)[] Sides = [(1, "1 thread"), (2, "2 threads"), (0, "chosen")];

    /// <inheritdoc/>
    public string Name => "busy";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        Console.WriteLine();
        Console.WriteLine($"beside {options.Busy} other process(es) at full load, frames/s, median (least) of {options.Rounds} rounds");
        List<BusyProcess> others = [.. Enumerable.Range(0, options.Busy).Select(_ => new BusyProcess())];
        foreach (var net in new[] { StepNet.Dnn, StepNet.Small })
        {
            var processes = Array.ConvertAll(Sides, _ => new StepProcess(net));
            var speeds = Array.ConvertAll(Sides, _ => new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                for (var i = 0; i < Sides.Length; i++)
                    speeds[i].Add(processes[i].Turn(Sides[i].Threads, LongTurn * options.SliceSeconds));
            }

            Array.ForEach(processes, process => process.Dispose());
            var one = Stopwatches.Median(speeds[0]);
            Console.WriteLine($"  {net.Name}");
            for (var i = 0; i < Sides.Length; i++)
            {
                var median = Stopwatches.Median(speeds[i]);
                Console.WriteLine($"    {Sides[i].Name,-10} {median,7:F0} ({speeds[i].Min():F0}) = {median / one:F2} x one thread");
                if (i > 0)
                {
                    yield return new(
                        $"{net.Name}: {Sides[i].Name} beside {options.Busy} busy processes", Sides[i].Threads, median, "frames/s",
                        Sides[0].Name, one, median / one);
                }
            }
        }

        others.ForEach(other => other.Dispose());
    }
}
