using System.Globalization;

namespace Mimir.Features.Extraction;

/// <summary>Counts extracted utterances and shows the speed relative to real time twice a second.</summary>
/// <param name="clock">The clock.</param>
/// <param name="show">Receives a line.</param>
public sealed class ExtractionProgress(TimeProvider clock, Action<string> show)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _shown = -Pause;
    private TimeSpan _audio;
    private int _utterances;

    /// <summary>Counts one utterance.</summary>
    /// <param name="seconds">Its length in seconds.</param>
    public void Add(double seconds)
    {
        _utterances++;
        _audio += TimeSpan.FromSeconds(seconds);
        var elapsed = clock.GetElapsedTime(_start);
        if (elapsed - _shown < Pause)
            return;

        _shown = elapsed;
        show(ToString());
    }

    /// <summary>The line: utterances, hours of audio, and audio time over the time it took.</summary>
    public override string ToString()
    {
        var elapsed = clock.GetElapsedTime(_start).TotalSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_utterances} utterances, {_audio.TotalHours:F2} h of audio, "
            + $"{(elapsed > 0 ? _audio.TotalSeconds / elapsed : 0):F0} x real time");
    }
}
