using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Train.Sequences;

/// <summary>A loop of words with the probabilities that they have in transcripts, as Kaldi's make_unigram_grammar.pl makes it.</summary>
internal static class UnigramGrammar
{
    /// <summary>Makes the transducer.</summary>
    /// <param name="transcripts">The words of each utterance; the end of each counts as a word.</param>
    /// <param name="words">The numbers of words.</param>
    /// <param name="unknown">The number of words that have none; null refuses them.</param>
    /// <exception cref="InputException">There is no word, or one that has no number.</exception>
    public static VectorFst Make(IEnumerable<string> transcripts, SymbolTable words, int? unknown)
    {
        var counts = new SortedDictionary<int, long>();
        var (total, ends) = (0L, 0L);
        foreach (var transcript in transcripts)
        {
            foreach (var word in transcript.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                var number = words.Find(word) is >= 0 and var known ? known : unknown ?? throw new InputException(
                    $"words.txt has no '{word}' of the training transcripts, and the language no oov.int");
                counts[number] = counts.GetValueOrDefault(number) + 1;
                total++;
            }

            ends++;
            total++;
        }

        if (counts.Count == 0)
            throw new InputException("the training transcripts have no word, so there is no unigram of them");

        float CostOf(long count) => (float)-Math.Log((double)count / total);
        var grammar = new VectorFst();
        grammar.Start = grammar.AddState(CostOf(ends));
        foreach (var (word, count) in counts)
            grammar.AddArc(grammar.Start, new FstArc(word, word, CostOf(count), grammar.Start));

        return grammar;
    }
}
