using System.Diagnostics;
using System.Globalization;
using Mimir.Bench.Rungs;

namespace Mimir.Bench.Peers;

/// <summary>Mimir's training steps in a process of their own, which takes its turn when it is told to and sleeps otherwise.</summary>
internal sealed class StepProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts the process and waits until it is ready.</summary>
    /// <param name="net">The network that it trains.</param>
    public StepProcess(StepNet net)
    {
        _process = ChildProcess.Start("step-worker", net.Word);
        _process.StandardOutput.ReadLine();
    }

    /// <summary>The process itself, with its arguments after the word that selects it.</summary>
    /// <param name="word">The network's.</param>
    public static int Run(string word)
    {
        var net = StepNet.Find(word);
        using var trainer = net.Create();
        trainer.Step();
        Console.WriteLine("ready");
        int? threads = null;
        while (Console.ReadLine()?.Split(' ') is { } words)
        {
            // What has been chosen so far stays when the choice goes on.
            var wanted = int.Parse(words[0], CultureInfo.InvariantCulture);
            if (wanted != threads)
                trainer.UseThreads(wanted);
            threads = wanted;
            var mean = Stopwatches.Mean(double.Parse(words[1], CultureInfo.InvariantCulture), trainer.Step);
            Console.WriteLine((net.Frames / mean).ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    /// <summary>Begins a turn.</summary>
    /// <param name="threads">The number of threads; 0 lets Mimir choose.</param>
    /// <param name="seconds">The time of the turn; at least one step.</param>
    public void Begin(int threads, double seconds)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} {seconds}"));
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the end of the turn.</summary>
    /// <returns>Frames per second.</returns>
    public double End() => double.Parse(
        _process.StandardOutput.ReadLine() ?? throw new IOException("a process that takes training steps ended early"),
        CultureInfo.InvariantCulture);

    /// <summary>A whole turn.</summary>
    /// <inheritdoc cref="Begin"/>
    /// <returns>Frames per second.</returns>
    public double Turn(int threads, double seconds)
    {
        Begin(threads, seconds);
        return End();
    }

    /// <inheritdoc/>
    public void Dispose() => ChildProcess.End(_process);
}
