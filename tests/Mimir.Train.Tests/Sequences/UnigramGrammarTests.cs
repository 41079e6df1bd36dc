using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Train.Sequences;

namespace Mimir.Train.Tests.Sequences;

public sealed class UnigramGrammarTests
{
    [Fact]
    public void Words_cost_the_logarithm_of_their_share_and_the_end_counts_as_a_word()
    {
        var grammar = UnigramGrammar.Make(["a b a", "b new", ""], Words(), unknown: 3);

        // Eight words with the three ends: a twice, b twice, an unknown one.
        Assert.Equal(
            [(1, 2 / 8.0), (2, 2 / 8.0), (3, 1 / 8.0)],
            grammar.Arcs(0).ToArray().Select(arc => (arc.Input, Math.Round(Math.Exp(-arc.Weight), 6))));
        Assert.Equal(3 / 8.0, Math.Exp(-grammar.Final(0)), 1e-6);
        Assert.All(grammar.Arcs(0).ToArray(), arc => Assert.Equal((arc.Output, 0), (arc.Input, arc.Next)));
    }

    [Fact]
    public void A_word_without_a_number_needs_the_unknown_word()
    {
        var error = Assert.Throws<InputException>(() => UnigramGrammar.Make(["a new"], Words(), unknown: null));

        Assert.Contains("words.txt has no 'new'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transcripts_without_a_word_are_refused() =>
        Assert.Throws<InputException>(() => UnigramGrammar.Make(["", ""], Words(), unknown: 3));

    private static SymbolTable Words()
    {
        var words = new SymbolTable();
        foreach (var (number, word) in new[] { "<eps>", "a", "b", "<unk>" }.Index())
            words.TryAdd(word, number);

        return words;
    }
}
