using Mimir.Base;

namespace Mimir.Decode.Language;

/// <summary>Estimates n-gram models from text.</summary>
/// <remarks>
/// <para>All are interpolated: p(w | h) = f(w | h) + g(h) p(w | h'), where h' is h without its first word, and single words are
/// interpolated with the uniform distribution over all words but the start of sentences. So every word of the vocabulary has a
/// probability, and g is the backoff weight of the ARPA form.</para>
/// <para>Modified Kneser-Ney (Chen and Goodman 1998, section 3.2): f = (c - D(c)) / c(h) with <see cref="Discounts"/> of each order; the
/// counts of shorter n-grams are the numbers of different words before them, but for those that begin a sentence. Witten-Bell (Witten
/// and Bell 1991, method C): f = c / (c(h) + t(h)), t the number of different words after h. N-grams below the least count are left out
/// and their share goes to g, as with lmplz.</para>
/// </remarks>
public static class NgramEstimator
{
    /// <summary>Estimates a model.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">The options.</param>
    /// <param name="note">Receives what is worth knowing, a line each: the smoothing that was chosen; null drops them.</param>
    /// <exception cref="InputException">The text has no words, or the options contradict each other.</exception>
    public static NgramModel Estimate(NgramText text, NgramOptions options, Action<string>? note = null)
    {
        options.Validate();
        var counts = NgramCounts.Of(text, options);
        var adjusted = Continuations(counts);
        var smoothing = Choose(options.Smoothing, adjusted[^1], note);
        var estimated = new double[counts.Levels.Length][];
        var levels = new List<NgramLevel>();
        var numbers = Array.Empty<int>();
        for (var number = 0; number < counts.Levels.Length; number++)
        {
            var values = smoothing == NgramSmoothing.KneserNey ? adjusted[number] : [.. counts.Levels[number].Counts];
            var discounts = smoothing == NgramSmoothing.KneserNey ? DiscountsOf(values, number + 1, note) : (Discounts?)null;
            var weights = new LevelWeights(counts, number, values, discounts, options.MinCount(number + 1));
            estimated[number] = Probabilities(counts, number, weights, number == 0 ? [] : estimated[number - 1]);
            numbers = Append(levels, counts, number, estimated[number], weights, numbers);
        }

        var model = new NgramModel(counts.Words, levels);
        return options.Prune > 0 ? EntropyPruning.Prune(model, options.Prune) : model;
    }

    private static NgramSmoothing Choose(NgramSmoothing smoothing, long[] counts, Action<string>? note)
    {
        if (smoothing != NgramSmoothing.Auto)
            return smoothing;

        if (Discounts.Of(counts) is not null)
            return NgramSmoothing.KneserNey;

        note?.Invoke("smoothing: witten-bell, since the text is too little for the discounts of kneser-ney");
        return NgramSmoothing.WittenBell;
    }

    private static Discounts DiscountsOf(long[] counts, int order, Action<string>? note)
    {
        if (Discounts.Of(counts) is { } found)
            return found;

        note?.Invoke($"the counts of order {order} give no discounts; 0.5, 1 and 1.5 are taken");
        return Discounts.Standard;
    }

    // In place of how often a shorter n-gram comes: after how many different words it comes.
    private static long[][] Continuations(NgramCounts counts)
    {
        var adjusted = counts.Levels.Select(level => level.Counts.ToArray()).ToArray();
        for (var number = 0; number < adjusted.Length - 1; number++)
        {
            var level = counts.Levels[number];
            for (var id = 0; id < adjusted[number].Length; id++)
            {
                if (!level.BeginsSentence[id])
                    adjusted[number][id] = 0;
            }

            foreach (var suffix in counts.Levels[number + 1].Suffix)
            {
                if (!level.BeginsSentence[suffix])
                    adjusted[number][suffix]++;
            }
        }

        // The start of a sentence is not predicted.
        adjusted[0][counts.Start - 1] = 0;
        return adjusted;
    }

    private static double[] Probabilities(NgramCounts counts, int number, LevelWeights weights, double[] shorter)
    {
        var level = counts.Levels[number];
        var uniform = 1.0 / (counts.Levels[0].Index.Count - 1);
        var result = new double[level.Index.Count];
        for (var id = 0; id < result.Length; id++)
        {
            var rest = number == 0 ? uniform : shorter[level.Suffix[id]];
            result[id] = weights.Share(id) + (weights.Backoff(level.Index.First(id)) * rest);
        }

        return result;
    }

    // Adds the n-grams that are kept; returns their numbers in the model by those in the counts, -1 for those left out.
    private static int[] Append(
        List<NgramLevel> levels, NgramCounts counts, int number, double[] probabilities, LevelWeights weights, int[] contexts)
    {
        var index = counts.Levels[number].Index;
        var level = new NgramLevel();
        var numbers = new int[index.Count];
        for (var id = 0; id < numbers.Length; id++)
        {
            numbers[id] = -1;
            var context = number == 0 ? 0 : contexts[index.First(id)];
            if (context < 0 || !weights.IsKept(id))
                continue;

            var isStart = number == 0 && index.Second(id) == counts.Start;
            numbers[id] = level.Index.Count;
            level.Add(context, index.Second(id), isStart ? NgramModel.Zero : (float)Math.Log10(probabilities[id]));
        }

        for (var id = 0; number > 0 && id < contexts.Length; id++)
        {
            if (contexts[id] >= 0 && weights.HasChildren(id))
                levels[^1].Backoff[contexts[id]] = (float)Math.Log10(Math.Max(weights.Backoff(id), 1e-99));
        }

        levels.Add(level);
        return numbers;
    }
}

/// <summary>The parts f and g of the interpolation on one level.</summary>
internal sealed class LevelWeights
{
    private readonly CountLevel _level;
    private readonly long[] _counts;
    private readonly Discounts? _discounts;
    private readonly int _minCount;
    private readonly long[] _totals;
    private readonly int[] _types;
    private readonly double[] _kept;
    private readonly bool _hasAll;

    /// <summary>Sums up the counts of each history.</summary>
    /// <param name="counts">All counts.</param>
    /// <param name="number">The level.</param>
    /// <param name="values">The counts of this level that probabilities are made of.</param>
    /// <param name="discounts">The discounts; null for Witten-Bell.</param>
    /// <param name="minCount">The least count in the text of what is kept.</param>
    public LevelWeights(NgramCounts counts, int number, long[] values, Discounts? discounts, int minCount)
    {
        _level = counts.Levels[number];
        _hasAll = number == 0;
        (_counts, _discounts, _minCount) = (values, discounts, minCount);
        if (number == 0)
            _counts[counts.Start - 1] = 0;

        var histories = number == 0 ? 1 : counts.Levels[number - 1].Index.Count;
        (_totals, _types, _kept) = (new long[histories], new int[histories], new double[histories]);
        for (var id = 0; id < values.Length; id++)
        {
            var history = _level.Index.First(id);
            _totals[history] += values[id];
            _types[history] += values[id] > 0 ? 1 : 0;
        }

        for (var id = 0; id < values.Length; id++)
            _kept[_level.Index.First(id)] += Share(id);
    }

    /// <summary>True for an n-gram of the model. Words are all kept: the vocabulary is limited before.</summary>
    public bool IsKept(int id) => _hasAll || _level.Counts[id] >= _minCount;

    /// <summary>True when some n-gram with this history is in the text.</summary>
    public bool HasChildren(int history) => _kept[history] > 0;

    /// <summary>The part f of an n-gram.</summary>
    public double Share(int id)
    {
        var history = _level.Index.First(id);
        if (_totals[history] == 0 || !IsKept(id))
            return 0;

        return _discounts is { } discounts
            ? Math.Max(0, _counts[id] - discounts.For(_counts[id])) / _totals[history]
            : _counts[id] / (double)(_totals[history] + _types[history]);
    }

    /// <summary>The part g of a history.</summary>
    public double Backoff(int history) => _totals[history] == 0 ? 1 : Math.Max(0, 1 - _kept[history]);
}
