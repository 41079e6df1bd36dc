using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Language;

/// <summary>An n-gram language model with backoff, as ARPA files have it. Thread-safe once it is made.</summary>
/// <remarks>
/// The probability of a word after a history is that of the longest n-gram that the model has, times the backoff weights of the longer
/// histories. All logarithms are to base 10.
/// </remarks>
public sealed class NgramModel
{
    /// <summary>The mark that begins a sentence.</summary>
    public const string Start = "<s>";

    /// <summary>The mark that ends a sentence.</summary>
    public const string End = "</s>";

    /// <summary>The logarithm that stands for a probability of 0.</summary>
    internal const float Zero = -99;

    internal NgramModel(SymbolTable words, IReadOnlyList<NgramLevel> levels)
    {
        Words = words;
        Levels = levels;
    }

    /// <summary>Gets the words and their labels; 0 is <c>&lt;eps&gt;</c>.</summary>
    public SymbolTable Words { get; }

    /// <summary>Gets the number of words of the longest n-grams.</summary>
    public int Order => Levels.Count;

    /// <summary>Gets the n-grams by order.</summary>
    internal IReadOnlyList<NgramLevel> Levels { get; }

    /// <summary>Reads a model.</summary>
    /// <param name="path">An ARPA file, perhaps <c>.gz</c>.</param>
    /// <param name="warn">Receives warnings; null drops them.</param>
    /// <param name="io">What may be opened.</param>
    /// <exception cref="InputException">It is not in ARPA's format, an n-gram comes twice or before the one without its last word, or a
    /// mark of sentences is missing.</exception>
    public static NgramModel Read(string path, Action<string>? warn = null, KaldiIoOptions? io = null)
    {
        var words = new SymbolTable();
        words.Add("<eps>");
        var sink = new Sink();
        var reader = sink.Reader = new ArpaReader(path, words, addsWords: true, warn ?? (_ => { }));
        reader.Read(path, sink, io);
        var model = new NgramModel(words, sink.Levels);
        foreach (var mark in (string[])[Start, End])
        {
            if (model.Levels[0].Index.Find(0, Math.Max(0, words.Find(mark))) < 0)
                throw new InputException($"{path}: expected '{mark}' among the words");
        }

        return model;
    }

    /// <summary>The number of n-grams of an order.</summary>
    /// <param name="order">From 1.</param>
    public int Count(int order) => Levels[order - 1].Index.Count;

    /// <summary>True when a word is one of the model.</summary>
    /// <param name="word">The label.</param>
    public bool Has(int word) => Levels[0].Index.Find(0, word) >= 0;

    /// <summary>The logarithm of the probability of a word.</summary>
    /// <param name="history">The labels of the words before it, the nearest last; the far ones of a long history do not matter.</param>
    /// <param name="word">The word; one that the model lacks has the logarithm -99.</param>
    public float Score(ReadOnlySpan<int> history, int word)
    {
        var score = 0f;
        for (var length = Math.Min(history.Length, Order - 1); length > 0; length--)
        {
            var context = Find(history[^length..]);
            if (context < 0)
                continue;

            var id = Levels[length].Index.Find(context, word);
            if (id >= 0)
                return score + Levels[length].LogProbability[id];

            score += Levels[length - 1].Backoff[context];
        }

        var unigram = Levels[0].Index.Find(0, word);
        return unigram < 0 ? Zero : score + Levels[0].LogProbability[unigram];
    }

    /// <summary>The number of an n-gram in the level of its order; -1 where the model lacks it.</summary>
    internal int Find(ReadOnlySpan<int> ngram)
    {
        var id = 0;
        for (var i = 0; i < ngram.Length && id >= 0; i++)
            id = Levels[i].Index.Find(id, ngram[i]);

        return id;
    }

    /// <summary>The words of an n-gram, by its number in the level of its order.</summary>
    /// <param name="level">The order less 1.</param>
    /// <param name="id">The number.</param>
    /// <param name="words">Receives the labels.</param>
    internal void WordsOf(int level, int id, Span<int> words)
    {
        for (; level >= 0; level--)
        {
            words[level] = Levels[level].Index.Second(id);
            id = Levels[level].Index.First(id);
        }
    }

    private sealed class Sink : IArpaSink
    {
        private NgramLevel[] _levels = [];

        public ArpaReader? Reader { get; set; }

        public IReadOnlyList<NgramLevel> Levels => _levels;

        public void Begin(IReadOnlyList<int> counts) => _levels = [.. counts.Select(_ => new NgramLevel())];

        public void Add(ReadOnlySpan<int> words, float logProbability, float backoff)
        {
            var context = 0;
            for (var i = 0; i < words.Length - 1 && context >= 0; i++)
                context = _levels[i].Index.Find(context, words[i]);

            if (context < 0)
                throw Reader!.Expected("an n-gram whose beginning came before");

            if (!_levels[words.Length - 1].Add(context, words[^1], logProbability, backoff))
                throw Reader!.Expected("each n-gram once");
        }
    }
}

/// <summary>
/// The n-grams of one order. The first of a pair in the index is the number of the n-gram without its last word in the level below (0
/// for single words), the second is the last word.
/// </summary>
internal sealed class NgramLevel
{
    public PairIndex Index { get; } = new();

    public List<float> LogProbability { get; } = [];

    public List<float> Backoff { get; } = [];

    /// <summary>Adds an n-gram unless it is there.</summary>
    public bool Add(int context, int word, float logProbability, float backoff = 0)
    {
        Index.Add(context, word, out var isNew);
        if (!isNew)
            return false;

        LogProbability.Add(logProbability);
        Backoff.Add(backoff);
        return true;
    }
}
