using Mimir.Base;
using Mimir.Train.Reports;
using Spectre.Console;

namespace Mimir.Cli.Terminal;

/// <summary>Runs long work under a progress display: live on a terminal, plain lines elsewhere. Both go to standard error.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    /// <summary>Runs <paramref name="work"/> and shows its progress.</summary>
    /// <param name="diagnostics">With <c>--verbose</c> progress is plain lines on a terminal too, between those of the log;
    /// with <c>--quiet</c> there is none.</param>
    /// <param name="work">The work; it reports to the display that it is given.</param>
    /// <param name="isTerminalShared">True when the work prints its results meanwhile: on a terminal progress is plain lines
    /// between them.</param>
    internal static T Run<T>(Diagnostics diagnostics, Func<ITrainingProgress, T> work, bool isTerminalShared = false)
    {
        if (diagnostics.IsQuiet)
            return work(SilentProgress.Instance);

        var time = TimeProvider.System;
        var isShared = isTerminalShared && !Console.IsOutputRedirected;
        if (diagnostics.IsVerbose || isShared || Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "dumb")
            return work(new PlainProgress(line => Console.Error.WriteLine(SafeText.Of(line)), time, PlainInterval));

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Live(new Text("")).AutoClear(true).Start(live => work(new LiveProgress(console, live, time)));
    }
}

/// <summary>Progress on a terminal: a line that is redrawn a few times a second, with lasting lines above it.</summary>
/// <param name="console">The terminal.</param>
/// <param name="live">The region at its foot.</param>
/// <param name="time">The clock that limits the drawing.</param>
internal sealed class LiveProgress(IAnsiConsole console, LiveDisplayContext live, TimeProvider time) : ITrainingProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(120);

    private long _drawn;

    /// <inheritdoc/>
    public void Report(ProgressEvent progress)
    {
        if (_drawn != 0 && time.GetElapsedTime(_drawn) < Interval)
            return;

        _drawn = time.GetTimestamp();
        live.UpdateTarget(ProgressBar.Draw(progress));
    }

    /// <inheritdoc/>
    public void Say(string line) => console.WriteLine(SafeText.Of(line));
}
