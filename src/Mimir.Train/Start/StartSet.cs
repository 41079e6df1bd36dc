using Mimir.Decode.Building;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Start;

/// <summary>A set that is aligned: its utterances with a transcript, and the labels of their words.</summary>
/// <param name="Name">The set's name: train or cv.</param>
/// <param name="Set">The set of the recipe.</param>
/// <param name="Words">The labels of each utterance's words.</param>
/// <param name="Texts">The words themselves.</param>
internal sealed record StartSet(
    string Name, CorpusSet Set, IReadOnlyDictionary<string, int[]> Words, IReadOnlyDictionary<string, string> Texts)
{
    private const int Named = 5;

    /// <summary>Finds the words of a set.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="set">The set.</param>
    /// <param name="lexicon">The pronunciations of the recipe.</param>
    /// <param name="language">The language.</param>
    /// <param name="failures">Takes each utterance without a transcript, and why.</param>
    /// <param name="say">Takes a line about the words that the language lacks.</param>
    public static StartSet Read(
        string name, CorpusSet set, LexiconRecipe lexicon, LangLexicon language, IDictionary<string, string> failures,
        Action<string> say)
    {
        var words = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var lacking = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var utterance in SetLoader.UtterancesOf(set))
        {
            var text = StartText.Words(utterance.Text ?? "", lexicon);
            var (labels, unknown) = language.Find(text);
            foreach (var word in unknown)
                lacking[word] = lacking.GetValueOrDefault(word) + 1;

            if (labels.Length == 0)
            {
                failures[utterance.Id] = utterance.Text is null ? "it has no transcript" : "no word of its transcript is in the lexicon";
                continue;
            }

            words.Add(utterance.Id, labels);
            texts.Add(utterance.Id, text);
        }

        if (lacking.Count > 0)
        {
            var most = lacking.OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal).Take(Named);
            say(
                $"set '{name}': the lexicon lacks {lacking.Count} words, {lacking.Values.Sum()} times in all "
                + $"({string.Join(", ", most.Select(word => $"{word.Key} {word.Value}"))}); they stand for the unknown word");
        }

        // Statistics of the recipe's features do not fit cepstra.
        return new(name, set with { Cmvn = null }, words, texts);
    }

    /// <summary>The features of the utterances that have words.</summary>
    /// <param name="loader">Computes them.</param>
    /// <param name="cancellation">Stops the work.</param>
    public IReadOnlyList<(string Id, FloatMatrix Features)> Load(SetLoader loader, CancellationToken cancellation)
    {
        var corpus = loader.Load(Name, Set, cancellation);
        return
        [
            .. corpus.Utterances.Index().Where(entry => Words.ContainsKey(entry.Item)).Select(entry =>
                (entry.Item, new FloatMatrix(corpus.Lengths[entry.Index], corpus.Dim, corpus.FeaturesOf(entry.Index).ToArray()))),
        ];
    }
}
