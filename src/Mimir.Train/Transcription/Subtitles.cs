using System.Text;

namespace Mimir.Train.Transcription;

/// <summary>Transcripts as subtitles in SubRip's form (SRT).</summary>
/// <remarks>
/// A subtitle ends at a pause, at the end of a segment, or before it would be too long to read: 80 characters, of scripts without
/// spaces 32 words, and 7 seconds.
/// </remarks>
public static class Subtitles
{
    private const double LongestPause = 0.8;
    private const double MostSeconds = 7;
    private const int MostCharacters = 80;
    private const int MostWords = 32;

    /// <summary>The file of a transcript; empty where there are no words.</summary>
    /// <param name="transcript">The transcript.</param>
    public static string ToSrt(Transcript transcript)
    {
        var text = new StringBuilder();
        var number = 0;
        foreach (var cue in transcript.Segments.SelectMany(segment => Cues(segment.Words)))
        {
            text.Append($"{++number}\n{Time(cue[0].Start)} --> {Time(cue[^1].End)}\n");
            text.Append(TranscriptFormats.Join(cue)).Append("\n\n");
        }

        return text.ToString();
    }

    private static IEnumerable<List<TranscribedWord>> Cues(IReadOnlyList<TranscribedWord> words)
    {
        var cue = new List<TranscribedWord>();
        foreach (var word in words)
        {
            if (cue.Count > 0 && IsTooMuch(cue, word))
            {
                yield return cue;
                cue = [];
            }

            cue.Add(word);
        }

        if (cue.Count > 0)
            yield return cue;
    }

    private static bool IsTooMuch(List<TranscribedWord> cue, TranscribedWord next) =>
        next.Start - cue[^1].End > LongestPause
        || next.End - cue[0].Start > MostSeconds
        || cue.Count == MostWords
        || TranscriptFormats.Join(cue).Length + 1 + next.Text.Length > MostCharacters;

    private static string Time(double seconds)
    {
        var time = TimeSpan.FromMilliseconds(Math.Round(1000 * seconds));
        return FormattableString.Invariant($"{(int)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00},{time.Milliseconds:000}");
    }
}
