using Mimir.Train.Reports;
using Spectre.Console;

namespace Mimir.Cli.Terminal;

/// <summary>Progress on a terminal: a line that is redrawn a few times a second, with lasting lines above it.</summary>
/// <param name="console">The terminal.</param>
/// <param name="live">The region at its foot.</param>
/// <param name="clock">Paces the drawing.</param>
internal sealed class LiveProgress(IAnsiConsole console, LiveDisplayContext live, TimeProvider clock) : ITrainingProgress
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(120);

    private long _drawn;

    /// <inheritdoc/>
    public void Report(ProgressEvent progress)
    {
        if (_drawn != 0 && clock.GetElapsedTime(_drawn) < Pace)
            return;

        _drawn = clock.GetTimestamp();
        live.UpdateTarget(ProgressBar.Draw(progress));
    }

    /// <inheritdoc/>
    public void Say(string line) => console.WriteLine(line);
}
