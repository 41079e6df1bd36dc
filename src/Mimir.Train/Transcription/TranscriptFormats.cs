using System.Globalization;
using System.Text;

namespace Mimir.Train.Transcription;

/// <summary>Transcripts as lines of text: Kaldi's <c>text</c> and NIST's CTM.</summary>
public static class TranscriptFormats
{
    /// <summary>The line of Kaldi's <c>text</c>: the recording, then its words; one without words is its name alone.</summary>
    /// <param name="transcript">The transcript.</param>
    public static string ToText(Transcript transcript) =>
        string.Join(' ', transcript.Words.Select(word => word.Text).Prepend(transcript.Id)) + "\n";

    /// <summary>The lines of a CTM: recording, channel from 1, start and duration in seconds, word, confidence.</summary>
    /// <param name="transcript">The transcript.</param>
    public static string ToCtm(Transcript transcript)
    {
        var text = new StringBuilder();
        foreach (var word in transcript.Words)
        {
            text.Append(CultureInfo.InvariantCulture, $"{transcript.Id} {transcript.Channel + 1} {word.Start:0.00} ");
            text.Append(CultureInfo.InvariantCulture, $"{word.End - word.Start:0.00} {word.Text} {word.Confidence:0.00}\n");
        }

        return text.ToString();
    }

    /// <summary>Words as a reader writes them: no space between characters of Chinese, Japanese or Korean scripts without spaces.</summary>
    /// <param name="words">The words.</param>
    public static string Join(IEnumerable<TranscribedWord> words)
    {
        var text = new StringBuilder();
        foreach (var word in words)
        {
            if (text.Length > 0 && word.Text.Length > 0 && !(IsUnspaced(text[^1]) && IsUnspaced(word.Text[0])))
                text.Append(' ');

            text.Append(word.Text);
        }

        return text.ToString();
    }

    // Kana, Han characters (also those of the other planes, as surrogates), their punctuation and full-width forms.
    private static bool IsUnspaced(char letter) => letter is
        (>= '\u3000' and <= '\u30ff') or (>= '\u3400' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff')
        or (>= '\uff00' and <= '\uff60') or (>= '\ud800' and <= '\udfff');
}
