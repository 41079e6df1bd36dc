using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Scoring;

/// <summary>Reads and writes transcripts: <c>utterance word word …</c> on a line, as in Kaldi's <c>text</c>.</summary>
public static class Transcripts
{
    /// <summary>Reads transcripts, utterance to text; an utterance alone on its line has the empty text.</summary>
    /// <param name="path">The file, <c>-</c> for the standard input, or a <c>.gz</c> file.</param>
    /// <param name="encoding">Its encoding; null for UTF-8.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">An utterance is repeated, or a line is not of the encoding.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path, Encoding? encoding = null)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        using var lines = KaldiInput.OpenText(path, encoding: encoding);
        while (lines.ReadLine() is { } line)
        {
            number++;
            var fields = line.Trim().Split((char[])[' ', '\t'], 2);
            if (fields[0].Length > 0 && !texts.TryAdd(fields[0], fields.Length > 1 ? fields[1].Trim() : ""))
                throw new InputException($"{path}:{number}: expected each utterance once, got '{fields[0]}' again");
        }

        return texts;
    }

    /// <summary>Writes transcripts in the order of their utterance ids.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, string>> texts) =>
        AtomicFile.WriteText(path, string.Concat(texts
            .OrderBy(text => text.Key, StringComparer.Ordinal)
            .Select(text => $"{text.Key} {text.Value}".TrimEnd() + "\n")));
}
