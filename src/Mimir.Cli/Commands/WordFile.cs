using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Cli.Commands;

/// <summary>Lists of words: the first on each line, as in words.txt and in lexicons.</summary>
internal static class WordFile
{
    /// <summary>Reads the words.</summary>
    /// <exception cref="InputException">There are none.</exception>
    internal static HashSet<string> Read(string path)
    {
        using var lines = KaldiInput.OpenText(path);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
        {
            if (line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var word, ..])
                words.Add(word);
        }

        return words.Count > 0 ? words : throw new InputException($"{path}: expected a word on each line, got none");
    }
}
