using Mimir.Decode.Language;

namespace Mimir.Decode.Tests.Support;

/// <summary>Interpolated n-gram probabilities straight from their formulas, by dictionaries of strings.</summary>
internal sealed class ReferenceNgram
{
    private readonly Dictionary<string, Dictionary<string, double>>[] _counts;
    private readonly Dictionary<string, Dictionary<string, double>>[] _raw;
    private readonly double[][] _discounts;
    private readonly bool _kneserNey;
    private readonly int _minCount;

    public ReferenceNgram(string[] sentences, int order, NgramSmoothing smoothing, int minCount)
    {
        (_kneserNey, _minCount) = (smoothing == NgramSmoothing.KneserNey, minCount);
        _raw = [.. Enumerable.Range(1, order).Select(n => Count(sentences, n))];
        _counts = [.. _raw];
        for (var n = 1; n < order && _kneserNey; n++)
            _counts[n - 1] = Continuations(_raw[n - 1], _raw[n]);

        Vocabulary = [.. sentences.SelectMany(s => s.Split(' ')).Distinct(), "</s>"];
        _discounts = [.. _counts.Select(level => Discount([.. level.Values.SelectMany(words => words.Values)]))];
    }

    public string[] Vocabulary { get; }

    public IEnumerable<string[]> Histories() =>
        _raw.SelectMany(level => level.Keys).Select(key => key.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public double Probability(string word, string[] history)
    {
        history = history[Math.Max(0, history.Length - _counts.Length + 1)..];
        var shorter = history.Length == 0 ? 1.0 / Vocabulary.Length : Probability(word, history[1..]);
        var level = history.Length;
        if (!_counts[level].TryGetValue(string.Join(' ', history), out var after))
            return shorter;

        var raw = _raw[level][string.Join(' ', history)];
        var total = after.Values.Sum() + (_kneserNey ? 0 : after.Count);
        double Share(string w) => level > 0 && raw.GetValueOrDefault(w) < _minCount
            ? 0
            : (after.GetValueOrDefault(w) - D(after.GetValueOrDefault(w))) / total;
        double D(double count) => !_kneserNey || count == 0 ? 0 : _discounts[level][(int)Math.Min(count, 3) - 1];
        return Share(word) + ((1 - after.Keys.Sum(Share)) * shorter);
    }

    private static Dictionary<string, Dictionary<string, double>> Count(string[] sentences, int n)
    {
        var counts = new Dictionary<string, Dictionary<string, double>>();
        foreach (var sentence in sentences)
        {
            string[] words = ["<s>", .. sentence.Split(' '), "</s>"];
            for (var i = Math.Max(1, n - 1); i < words.Length; i++)
            {
                var key = string.Join(' ', words[(i - n + 1)..i]);
                counts.TryAdd(key, []);
                counts[key][words[i]] = counts[key].GetValueOrDefault(words[i]) + 1;
            }
        }

        return counts;
    }

    private static Dictionary<string, Dictionary<string, double>> Continuations(
        Dictionary<string, Dictionary<string, double>> level, Dictionary<string, Dictionary<string, double>> longer) => level.ToDictionary(
            pair => pair.Key,
            pair => pair.Key.StartsWith("<s>", StringComparison.Ordinal)
                ? pair.Value
                : pair.Value.Keys.ToDictionary(word => word, word => (double)longer.Count(h =>
                    string.Join(' ', h.Key.Split(' ')[1..]) == pair.Key && h.Value.ContainsKey(word))));

    private static double[] Discount(double[] counts)
    {
        var n = Enumerable.Range(0, 5).Select(k => (double)counts.Count(count => count == k)).ToArray();
        var y = n[1] / (n[1] + (2 * n[2]));
        double[] discounts = [1 - (2 * y * n[2] / n[1]), 2 - (3 * y * n[3] / n[2]), 3 - (4 * y * n[4] / n[3])];
        return n.Skip(1).All(k => k > 0) && discounts.Min() >= 0 ? discounts : [0.5, 1, 1.5];
    }
}
