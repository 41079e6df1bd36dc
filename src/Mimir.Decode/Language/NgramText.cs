using System.Text;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Language;

/// <summary>The sentences of a text as labels.</summary>
public sealed class NgramText
{
    private readonly SymbolTable _words = new();
    private readonly List<int> _tokens = [];
    private readonly List<long> _counts = [0];

    /// <summary>Creates an empty text.</summary>
    public NgramText() => _words.Add("<eps>");

    /// <summary>Gets the number of sentences.</summary>
    public int Sentences { get; private set; }

    /// <summary>Gets the number of words, without the marks of sentences.</summary>
    public long WordCount { get; private set; }

    /// <summary>Gets the different words, in the order they came.</summary>
    public SymbolTable Words => _words;

    /// <summary>Gets the labels of all words; 0 ends a sentence.</summary>
    internal IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Adds the sentences of a file.</summary>
    /// <param name="path">
    /// A text file with a sentence on each line, or a data directory of Kaldi's: its <c>text</c> without the names of utterances.
    /// </param>
    /// <param name="encoding">The encoding; null for UTF-8.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line is not of the encoding, or has a word that cannot be one.</exception>
    public void Read(string path, Encoding? encoding = null)
    {
        var isFolder = Directory.Exists(path);
        var file = isFolder ? Path.Combine(path, "text") : path;
        if (!File.Exists(file))
            throw new FileNotFoundException($"{file}: no such text", file);

        var number = 0;
        using var lines = KaldiInput.OpenText(file, encoding: encoding);
        while (lines.ReadLine() is { } line)
        {
            number++;
            Add(line, isFolder ? 1 : 0, () => $"{file}:{number}");
        }
    }

    /// <summary>Adds a sentence.</summary>
    /// <param name="sentence">Its words with spaces between them; marks at its ends are dropped, an empty sentence does not count.</param>
    /// <exception cref="InputException">A word stands for something else, such as <c>&lt;eps&gt;</c>.</exception>
    public void Add(string sentence) => Add(sentence, 0, () => "the text");

    /// <summary>The count of a word.</summary>
    internal long CountOf(int label) => _counts[label];

    private void Add(string line, int skipped, Func<string> place)
    {
        var before = _tokens.Count;
        var ended = false;
        foreach (var range in line.AsSpan().SplitAny(" \t\u3000\u00a0"))
        {
            var word = line.AsSpan(range);
            if (word.Length == 0 || skipped-- > 0)
                continue;

            if (word is NgramModel.Start && _tokens.Count == before && !ended)
                continue;

            if (word is NgramModel.Start or "<eps>" or "#0" || ended)
                throw new InputException($"{place()}: expected words, got '{(ended ? NgramModel.End : word)}' among them");

            if (word is NgramModel.End)
            {
                ended = true;
                continue;
            }

            var label = _words.Find(word);
            if (label < 0)
            {
                label = _words.Add(word.ToString());
                _counts.Add(0);
            }

            _counts[label]++;
            _tokens.Add(label);
        }

        if (_tokens.Count == before)
            return;

        WordCount += _tokens.Count - before;
        Sentences++;
        _tokens.Add(0);
    }
}
