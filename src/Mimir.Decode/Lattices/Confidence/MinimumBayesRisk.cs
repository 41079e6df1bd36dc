using Mimir.Base;

namespace Mimir.Decode.Lattices.Confidence;

/// <summary>Options of <see cref="MinimumBayesRisk"/>.</summary>
public sealed record BayesRiskOptions
{
    /// <summary>
    /// True, the default, to change the words to those of least expected word errors; false to keep the words that are given, or
    /// the best path's, and only find their confidences and times (Kaldi: --decode-mbr).
    /// </summary>
    public bool Decode { get; init; } = true;

    /// <summary>True to keep the places without a word, as word 0 (Kaldi: --print-silence); by default they are left out.</summary>
    public bool KeepSilence { get; init; }
}

/// <summary>A word of a result with its time and confidence.</summary>
/// <param name="Word">The word.</param>
/// <param name="Begin">The average begin in frames; exact only for lattices with arcs that end with their words.</param>
/// <param name="End">The average end in frames.</param>
/// <param name="Confidence">The posterior probability of the word in its place, from 0 to 1.</param>
public readonly record struct ConfidentWord(int Word, float Begin, float End, float Confidence);

/// <summary>The alternatives at one place between or of words, the most probable first; 0 stands for no word.</summary>
/// <param name="Words">The words with their average times and posteriors, which sum to 1.</param>
/// <param name="Begin">The average begin in frames.</param>
/// <param name="End">The average end in frames.</param>
public sealed record SausageBin(IReadOnlyList<ConfidentWord> Words, float Begin, float End);

/// <summary>The result of <see cref="MinimumBayesRisk"/>.</summary>
/// <param name="Words">The words with times and confidences.</param>
/// <param name="Risk">The expected number of word errors.</param>
/// <param name="Bins">The sausage: places of words at odd indices, places between words at even ones.</param>
public sealed record BayesRiskResult(IReadOnlyList<ConfidentWord> Words, double Risk, IReadOnlyList<SausageBin> Bins);

/// <summary>
/// Finds the words of least expected word errors in a lattice, with confidences, times and alternatives (Xu, Povey, Mangu, Zhu,
/// "Minimum Bayes Risk decoding and system combination based on a recursion for edit distance", Computer Speech and Language 2011).
/// </summary>
public static class MinimumBayesRisk
{
    private const int MaxIterations = 100;

    /// <summary>Decodes a word lattice.</summary>
    /// <param name="lattice">A lattice whose costs are scaled as they count: acoustic costs by the acoustic scale.</param>
    /// <param name="options">What to find; null means the defaults.</param>
    /// <param name="words">The words to begin with; null takes the best path's.</param>
    /// <exception cref="InputException">The lattice is empty, or its paths differ in their number of frames.</exception>
    public static BayesRiskResult Decode(WordLattice lattice, BayesRiskOptions? options = null, IReadOnlyList<int>? words = null)
    {
        options ??= new();
        if (lattice.StateCount == 0)
            throw new InputException("the lattice is empty");

        var start = words ?? BestPath.Find(lattice, 1)?.Words ?? [];
        var statistics = new RiskStatistics(lattice);
        int[] reference = [.. start.Where(word => word != 0)];
        for (var iteration = 0; ; iteration++)
        {
            var bins = statistics.Accumulate(WithGaps(reference));
            var (chosen, gain) = options.Decode ? Choose(bins, WithGaps(reference)) : (WithGaps(reference), 0);
            if (gain == 0 || iteration > MaxIterations)
                return new BayesRiskResult(OneBest(bins, chosen, options.KeepSilence), statistics.Risk, bins);

            reference = [.. chosen.Where(word => word != 0)];
        }
    }

    // Places without a word stand before, between and behind the words.
    private static int[] WithGaps(int[] words)
    {
        var places = new int[(2 * words.Length) + 1];
        for (var i = 0; i < words.Length; i++)
            places[(2 * i) + 1] = words[i];

        return places;
    }

    // The most probable word of each place, and how much that lowers the risk at most.
    private static (int[] Words, double Gain) Choose(List<SausageBin> bins, int[] reference)
    {
        var gain = 0.0;
        for (var place = 0; place < reference.Length; place++)
        {
            var old = 0f;
            foreach (var word in bins[place].Words)
                old = word.Word == reference[place] ? word.Confidence : old;

            gain += old - (double)bins[place].Words[0].Confidence;
            reference[place] = bins[place].Words[0].Word;
        }

        return (reference, gain);
    }

    private static List<ConfidentWord> OneBest(List<SausageBin> bins, int[] reference, bool keepSilence)
    {
        var words = new List<ConfidentWord>();
        for (var place = 0; place < reference.Length; place++)
        {
            if (reference[place] == 0 && !keepSilence)
                continue;

            var index = bins[place].Words.ToList().FindIndex(word => word.Word == reference[place]);
            words.Add(index >= 0 ? bins[place].Words[index] : bins[place].Words[0] with { Word = reference[place], Confidence = 0 });
            SeparateLast(words);
        }

        return words;
    }

    // Average times may overlap: the time of both words is divided as their lengths are.
    private static void SeparateLast(List<ConfidentWord> words)
    {
        var count = words.Count;
        if (count < 2 || words[count - 2].End <= words[count - 1].Begin)
            return;

        var (first, second) = (words[count - 2], words[count - 1]);
        var before = count > 2 ? words[count - 3].End : 0;
        var left = Math.Max(before, Math.Min(first.Begin, second.Begin));
        var right = Math.Max(first.End, second.End);
        var (firstLength, secondLength) = (first.End - first.Begin, second.End - second.Begin);
        var middle = firstLength > 0 ? left + ((right - left) * firstLength / (firstLength + secondLength)) : left;
        words[count - 2] = first with { Begin = left, End = middle };
        words[count - 1] = second with { Begin = middle, End = right };
    }
}
