using System.Globalization;

namespace Mimir.Train.Reports;

/// <summary>Progress as plain lines, for a log file or a terminal that cannot draw.</summary>
/// <param name="write">Writes a line.</param>
/// <param name="time">The clock.</param>
/// <param name="every">The least time between two lines of the same stage; the first and the last always appear.</param>
public sealed class PlainProgress(Action<string> write, TimeProvider time, TimeSpan every) : ITrainingProgress
{
    private readonly Lock _gate = new();
    private (RunStage Stage, int Epoch, string? Set)? _stage;
    private long _last;
    private bool _isDone;

    /// <inheritdoc/>
    public void Report(ProgressEvent progress)
    {
        lock (_gate)
        {
            var stage = (progress.Stage, progress.Epoch, progress.Set);
            var done = progress.Total > 0 && progress.Done >= progress.Total;
            if (stage == _stage && (_isDone || (!done && time.GetElapsedTime(_last) < every)))
                return;

            (_stage, _isDone) = (stage, done);
            _last = time.GetTimestamp();
            write(Format(progress));
        }
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
        lock (_gate)
            write(line);
    }

    /// <summary>An event as one line: <c>epoch 3/20 training train 45% 230,400/512,000 frames, 3,870 frames/s, …</c>.</summary>
    public static string Format(ProgressEvent progress)
    {
        var parts = new List<string> { Head(progress) };
        if (progress.Rate is { } rate)
            parts.Add(Text($"{rate:N0} {progress.Unit}/s"));
        if (progress.RealTimeFactor is { } factor)
            parts.Add(Text($"{factor:N0} x real time"));
        if (progress.Loss is { } loss)
            parts.Add(Text($"loss {loss:F4}"));
        if (progress.FrameAccuracy is { } accuracy)
            parts.Add(Text($"frame accuracy {100 * accuracy:F2}%"));
        if (progress.LearningRate is { } learningRate)
            parts.Add(Text($"rate {learningRate:G4}"));
        if (progress.Remaining is { } remaining)
            parts.Add($"{Duration(remaining)} left");
        return string.Join(", ", parts);
    }

    /// <summary>A duration in the largest two units that it needs: <c>42s</c>, <c>3m07s</c>, <c>2h05m</c>, <c>1d03h</c>.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { Ticks: < 0 } => "0s",
        { TotalSeconds: < 60 } => Text($"{Math.Floor(duration.TotalSeconds):F0}s"),
        { TotalHours: < 1 } => Text($"{duration.Minutes}m{duration.Seconds:D2}s"),
        { TotalDays: < 1 } => Text($"{duration.Hours}h{duration.Minutes:D2}m"),
        _ => Text($"{duration.Days}d{duration.Hours:D2}h"),
    };

    private static string Head(ProgressEvent progress)
    {
        var words = new List<string>();
        if (progress.Epoch > 0)
            words.Add(progress.MaxEpochs is { } most ? Text($"epoch {progress.Epoch}/{most}") : Text($"epoch {progress.Epoch}"));
        words.Add(progress.Stage.ToString().ToLowerInvariant());
        if (progress.Set is { } set)
            words.Add(set);
        words.Add(progress.Total > 0
            ? Text($"{Math.Min(100, 100 * progress.Done / progress.Total)}% {progress.Done:N0}/{progress.Total:N0} {progress.Unit}")
            : Text($"{progress.Done:N0} {progress.Unit}"));
        return string.Join(' ', words);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
