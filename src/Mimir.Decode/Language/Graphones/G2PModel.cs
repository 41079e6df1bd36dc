using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Decode.Lexicons;

namespace Mimir.Decode.Language.Graphones;

/// <summary>Options of a model from spelling to pronunciation.</summary>
public sealed record G2POptions
{
    /// <summary>Gets the number of graphones of the longest n-grams, 1 to 6.</summary>
    public int Order { get; init; } = 5;

    /// <summary>Gets the most pronunciations of a word.</summary>
    public int Pronunciations { get; init; } = 1;

    /// <summary>Gets the least probability of a pronunciation, as a share of the best one's; the best is always given.</summary>
    public double LeastShare { get; init; } = 0.2;
}

/// <summary>Pronunciations of new words, learnt from a lexicon (grapheme-to-phoneme conversion by joint n-grams).</summary>
/// <remarks>
/// An n-gram model over graphones, the units of letters with phones that alignment finds (Bisani and Ney 2008). Its file is an ARPA model
/// whose words are graphones, as Phonetisaurus writes it. Letters are used as they are: a lexicon in capitals says nothing of small
/// letters, but for words whose letters are all unknown the other case is tried.
/// </remarks>
public sealed class G2PModel : IPronouncer
{
    private const int Beam = 100;

    private readonly G2POptions _options;
    private readonly Dictionary<string, List<Candidate>> _byLetters = new(StringComparer.Ordinal);
    private readonly int _start;
    private readonly int _end;

    private G2PModel(NgramModel ngrams, G2POptions options)
    {
        (Ngrams, _options) = (ngrams, options);
        (_start, _end) = (ngrams.Words.Find(NgramModel.Start), ngrams.Words.Find(NgramModel.End));
        foreach (var (token, label) in ngrams.Words.Entries)
        {
            if (Graphone.Parse(token) is not { } graphone)
                continue;

            if (!_byLetters.TryGetValue(graphone.Letters, out var candidates))
                _byLetters.Add(graphone.Letters, candidates = []);

            candidates.Add(new Candidate(label, graphone));
        }
    }

    /// <summary>Gets the model of graphones.</summary>
    public NgramModel Ngrams { get; }

    /// <summary>Learns from a lexicon; words in brackets, such as <c>&lt;SIL&gt;</c>, are left out.</summary>
    /// <param name="lexicon">The lexicon.</param>
    /// <param name="options">The options.</param>
    /// <param name="note">Receives what is worth knowing; null drops it.</param>
    /// <exception cref="InputException">No word of the lexicon has a pronunciation that fits its letters.</exception>
    public static G2PModel Train(Lexicon lexicon, G2POptions options, Action<string>? note = null)
    {
        Pronunciation[] entries = [.. lexicon.Entries.Where(entry => !(entry.Word is ['<', .., '>'] or ['[', .., ']'] or ['!', _, ..]))];
        var aligned = GraphoneAligner.Align(entries);
        var text = new NgramText();
        foreach (var graphones in aligned)
        {
            if (graphones is not null)
                text.Add(string.Join(' ', graphones.Select(graphone => graphone.Token)));
        }

        if (text.Sentences == 0)
            throw new InputException("g2p: expected words with one or two phones for each letter, got none");
        if (text.Sentences < entries.Length)
            note?.Invoke($"{entries.Length - text.Sentences} of {entries.Length} pronunciations do not fit their letters and are left out");

        return new G2PModel(NgramEstimator.Estimate(text, new() { Order = options.Order }), options);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The ARPA file.</param>
    /// <param name="options">The options; the order is that of the file.</param>
    /// <exception cref="InputException">The file is no such model.</exception>
    public static G2PModel Read(string path, G2POptions options)
    {
        var model = new G2PModel(NgramModel.Read(path), options);
        return model._byLetters.Count > 0
            ? model
            : throw new InputException($"{path}: expected a model of graphones, such as 't|h}}TH', got one of words");
    }

    /// <inheritdoc/>
    public IReadOnlyList<Pronunciation> Pronounce(string word)
    {
        var found = Search(word, word);
        if (found.Count == 0)
            found = Search(word, word.ToLowerInvariant());
        if (found.Count == 0)
            found = Search(word, word.ToUpperInvariant());

        return found;
    }

    private List<Pronunciation> Search(string word, string spelling)
    {
        string[] letters = [.. spelling.EnumerateRunes().Select(rune => rune.ToString())];
        var open = new List<Hypothesis>[letters.Length + 1];
        for (var i = 0; i < open.Length; i++)
            open[i] = [];

        open[0].Add(new Hypothesis(null, default, 0));
        for (var place = 0; place < letters.Length; place++)
        {
            foreach (var hypothesis in Pruned(open[place]))
            {
                Extend(hypothesis, letters[place], open[place + 1]);
                if (place + 1 < letters.Length)
                    Extend(hypothesis, letters[place] + letters[place + 1], open[place + 2]);
            }
        }

        return Choose(word, open[^1]);
    }

    private void Extend(Hypothesis hypothesis, string letters, List<Hypothesis> open)
    {
        if (!_byLetters.TryGetValue(letters, out var candidates))
            return;

        var history = History(hypothesis);
        foreach (var candidate in candidates)
            open.Add(new Hypothesis(hypothesis, candidate, hypothesis.Score + Ngrams.Score(history, candidate.Label)));
    }

    private int[] History(Hypothesis hypothesis)
    {
        var labels = new List<int>();
        Hypothesis? at = hypothesis;
        for (; at?.Before is not null && labels.Count < Ngrams.Order - 1; at = at.Before)
            labels.Add(at.Last.Label);

        if (at?.Before is null && labels.Count < Ngrams.Order - 1)
            labels.Add(_start);

        labels.Reverse();
        return [.. labels];
    }

    // Hypotheses with the same history have the same future: the best of each phones goes on.
    private List<Hypothesis> Pruned(List<Hypothesis> open)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var kept = new List<Hypothesis>();
        foreach (var hypothesis in open.OrderByDescending(hypothesis => hypothesis.Score))
        {
            var history = string.Join(' ', History(hypothesis));
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, history, out _);
            if (++count > _options.Pronunciations)
                continue;

            kept.Add(hypothesis);
            if (kept.Count == Beam)
                break;
        }

        return kept;
    }

    private List<Pronunciation> Choose(string word, List<Hypothesis> complete)
    {
        // Several ways to split may have the same phones; the best stands for them.
        var ranked = complete
            .Select(hypothesis => (Phones: PhonesOf(hypothesis), Score: hypothesis.Score + Ngrams.Score(History(hypothesis), _end)))
            .Where(way => way.Phones.Length > 0)
            .OrderByDescending(way => way.Score).ThenBy(way => string.Join(' ', way.Phones), StringComparer.Ordinal)
            .DistinctBy(way => string.Join(' ', way.Phones)).Take(_options.Pronunciations).ToArray();
        return
        [
            .. ranked.Select(way => (way.Phones, Share: Math.Pow(10, way.Score - ranked[0].Score)))
                .Where(way => way.Share >= _options.LeastShare)
                .Select(way => new Pronunciation(word, way.Phones) { Probability = Math.Min(1, way.Share) }),
        ];
    }

    private static string[] PhonesOf(Hypothesis hypothesis)
    {
        var parts = new List<IReadOnlyList<string>>();
        for (Hypothesis? at = hypothesis; at?.Before is not null; at = at.Before)
            parts.Add(at.Last.Graphone.Phones);

        parts.Reverse();
        return [.. parts.SelectMany(phones => phones)];
    }

    private readonly record struct Candidate(int Label, Graphone Graphone);

    private sealed record Hypothesis(Hypothesis? Before, Candidate Last, float Score);
}
