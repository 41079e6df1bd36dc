using Mimir.Train.Reports;
using Spectre.Console;

namespace Mimir.Cli.Terminal;

/// <summary>Runs long work under a progress display: live on a terminal, plain lines elsewhere. Both go to standard error.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan PlainPace = TimeSpan.FromSeconds(10);

    /// <summary>Runs <paramref name="work"/> and shows what it reports.</summary>
    internal static T Run<T>(TimeProvider clock, Func<ITrainingProgress, T> work)
    {
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "dumb")
            return work(new PlainProgress(Console.Error.WriteLine, clock, PlainPace));

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Live(new Text("")).AutoClear(true).Start(live => work(new LiveProgress(console, live, clock)));
    }
}
