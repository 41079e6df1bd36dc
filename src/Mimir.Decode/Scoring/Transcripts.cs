using Mimir.Base;
namespace Mimir.Decode.Scoring;

/// <summary>Reads and writes transcripts: <c>utterance word word …</c> on a line, as in Kaldi's <c>text</c>.</summary>
public static class Transcripts
{
    /// <summary>Reads transcripts, utterance to text; an utterance alone on its line has the empty text.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">An utterance is repeated.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: no such transcripts", path);

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(path))
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
        Base.AtomicFile.WriteText(path, string.Concat(texts
            .OrderBy(text => text.Key, StringComparer.Ordinal)
            .Select(text => $"{text.Key} {text.Value}".TrimEnd() + "\n")));
}
