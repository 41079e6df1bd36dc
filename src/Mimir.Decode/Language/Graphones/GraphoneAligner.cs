using Mimir.Decode.Lexicons;

namespace Mimir.Decode.Language.Graphones;

/// <summary>Splits words and their pronunciations into graphones, so that few graphones explain the whole lexicon.</summary>
/// <remarks>
/// Expectation maximisation over all ways to split (Bisani and Ney, Joint-sequence models for grapheme-to-phoneme conversion, Speech
/// Communication 2008, section 2.3), graphones independent of each other: one letter with up to two phones, or two letters with one. The
/// most probable way of each word is the result.
/// </remarks>
internal sealed class GraphoneAligner
{
    // Letters and phones of the graphones.
    private static readonly (int Letters, int Phones)[] Shapes = [(1, 0), (1, 1), (1, 2), (2, 1)];

    private readonly Names _letters = new();
    private readonly Names _phones = new();
    private readonly PairIndex _graphones = new();
    private readonly List<SplitGraph> _entries = [];
    private double[] _probabilities = [];

    private GraphoneAligner()
    {
    }

    /// <summary>Aligns a lexicon.</summary>
    /// <param name="lexicon">The pronunciations.</param>
    /// <param name="rounds">Rounds of expectation maximisation.</param>
    /// <returns>For each pronunciation its graphones; null for those with more than two phones for each letter, or fewer phones than
    /// letters leave room for.</returns>
    public static IReadOnlyList<IReadOnlyList<Graphone>?> Align(IReadOnlyList<Pronunciation> lexicon, int rounds = 10)
    {
        var aligner = new GraphoneAligner();
        foreach (var entry in lexicon)
            aligner.Add(entry);

        // All graphones are the same at first.
        aligner._probabilities = new double[aligner._graphones.Count];
        Array.Fill(aligner._probabilities, 1);
        for (var round = 0; round < rounds; round++)
            aligner.Maximise();

        return [.. aligner._entries.Select(aligner.Best)];
    }

    private void Add(Pronunciation entry)
    {
        int[] letters = [.. entry.Word.EnumerateRunes().Select(rune => _letters.Number(rune.ToString()))];
        int[] phones = [.. entry.Phones.Select(_phones.Number)];
        var graph = new SplitGraph(letters.Length, phones.Length, Shapes);
        for (var place = 0; place < graph.Places; place++)
        {
            var (letter, phone) = graph.Parts(place);
            for (var shape = 0; shape < Shapes.Length; shape++)
            {
                if (graph.Has(place, shape))
                {
                    var left = _letters.Pair(letters.AsSpan(letter, Shapes[shape].Letters));
                    var right = _phones.Pair(phones.AsSpan(phone, Shapes[shape].Phones));
                    graph.Set(place, shape, _graphones.Add(left, right, out _));
                }
            }
        }

        _entries.Add(graph);
    }

    private void Maximise()
    {
        var counts = new double[_graphones.Count];
        foreach (var entry in _entries)
            entry.Collect(_probabilities, counts);

        var total = counts.Sum();
        for (var i = 0; i < counts.Length; i++)
            _probabilities[i] = counts[i] / total;
    }

    private IReadOnlyList<Graphone>? Best(SplitGraph entry) => entry.Best(_probabilities) is { } best
        ? [.. best.Select(id => new Graphone(string.Concat(_letters.Of(_graphones.First(id))), _phones.Of(_graphones.Second(id))))]
        : null;

    /// <summary>Numbers letters or phones, and groups of up to two of them.</summary>
    private sealed class Names
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<string> _names = [""];
        private readonly PairIndex _pairs = new();

        public int Number(string name)
        {
            if (!_numbers.TryGetValue(name, out var number))
            {
                _numbers.Add(name, number = _names.Count);
                _names.Add(name);
            }

            return number;
        }

        public int Pair(ReadOnlySpan<int> numbers) =>
            _pairs.Add(numbers.Length > 0 ? numbers[0] : 0, numbers.Length > 1 ? numbers[1] : 0, out _);

        public string[] Of(int pair) =>
            [.. new[] { _pairs.First(pair), _pairs.Second(pair) }.Where(number => number > 0).Select(number => _names[number])];
    }
}

/// <summary>The ways to split a word: places between its letters and phones, and a graphone from place to place.</summary>
/// <param name="letters">The number of letters.</param>
/// <param name="phones">The number of phones.</param>
/// <param name="shapes">The letters and phones of graphones.</param>
internal sealed class SplitGraph(int letters, int phones, (int Letters, int Phones)[] shapes)
{
    private readonly int[] _arcs = new int[(letters + 1) * (phones + 1) * shapes.Length];

    /// <summary>Gets the number of places; 0 is the begin, the last the end.</summary>
    public int Places { get; } = (letters + 1) * (phones + 1);

    /// <summary>The letters and phones before a place.</summary>
    public (int Letter, int Phone) Parts(int place) => (place / (phones + 1), place % (phones + 1));

    /// <summary>True when a graphone of a shape may begin at a place.</summary>
    public bool Has(int place, int shape)
    {
        var (letter, phone) = Parts(place);
        return letter + shapes[shape].Letters <= letters && phone + shapes[shape].Phones <= phones;
    }

    /// <summary>Sets the graphone of a shape at a place.</summary>
    public void Set(int place, int shape, int graphone) => _arcs[(place * shapes.Length) + shape] = graphone;

    /// <summary>Adds how often each graphone is expected in this word.</summary>
    /// <param name="probabilities">The probabilities of graphones.</param>
    /// <param name="counts">The sums.</param>
    public void Collect(double[] probabilities, double[] counts)
    {
        Span<double> forward = new double[Places];
        Span<double> backward = new double[Places];
        forward[0] = 1;
        backward[^1] = 1;
        for (var place = 0; place < Places; place++)
        {
            for (var shape = 0; shape < shapes.Length; shape++)
            {
                if (Has(place, shape))
                    forward[Next(place, shape)] += forward[place] * probabilities[_arcs[(place * shapes.Length) + shape]];
            }
        }

        // A word whose letters and phones do not fit together.
        if (!(forward[^1] > 0))
            return;

        for (var place = Places - 1; place >= 0; place--)
        {
            for (var shape = 0; shape < shapes.Length; shape++)
            {
                if (!Has(place, shape))
                    continue;

                var graphone = _arcs[(place * shapes.Length) + shape];
                var through = probabilities[graphone] * backward[Next(place, shape)];
                backward[place] += through;
                counts[graphone] += forward[place] * through / forward[^1];
            }
        }
    }

    /// <summary>The most probable graphones; null where the word cannot be split.</summary>
    public List<int>? Best(double[] probabilities)
    {
        var scores = new double[Places];
        var (before, through) = (new int[Places], new int[Places]);
        scores[0] = 1;
        for (var place = 0; place < Places; place++)
        {
            for (var shape = 0; shape < shapes.Length; shape++)
            {
                if (!Has(place, shape))
                    continue;

                var graphone = _arcs[(place * shapes.Length) + shape];
                var (next, score) = (Next(place, shape), scores[place] * probabilities[graphone]);
                if (score > scores[next])
                    (scores[next], before[next], through[next]) = (score, place, graphone);
            }
        }

        if (!(scores[^1] > 0))
            return null;

        var result = new List<int>();
        for (var place = Places - 1; place > 0; place = before[place])
            result.Add(through[place]);

        result.Reverse();
        return result;
    }

    private int Next(int place, int shape) => place + (shapes[shape].Letters * (phones + 1)) + shapes[shape].Phones;
}
