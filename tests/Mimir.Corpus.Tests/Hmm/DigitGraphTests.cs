using Mimir.Corpus.Hmm;
using Mimir.Decode.Graphs;

namespace Mimir.Corpus.Tests.Hmm;

public class DigitGraphTests
{
    private static readonly HmmSet Hmms = new();
    private static readonly Fst Graph = DigitGraph.Build(Hmms, Hmms.Estimate([]));

    [Fact]
    public void Build_accepts_exactly_digit_strings_with_optional_silence()
    {
        // Every sequence of up to three units out of silence (0) and the words 1 to 11.
        for (var length = 0; length <= 3; length++)
        {
            foreach (var sequence in Sequences(length))
            {
                var isDigitString = sequence.Any(unit => unit > 0)
                    && !sequence.Zip(sequence.Skip(1)).Any(pair => pair is (0, 0));

                var words = Accept([.. sequence.SelectMany(unit => Path(unit, 2))]);

                Assert.Equal(isDigitString ? sequence.Where(unit => unit > 0) : null, words);
            }
        }
    }

    [Fact]
    public void Build_refuses_half_a_word()
    {
        var word = Path(6, 2).ToArray();

        Assert.NotNull(Accept(word));
        Assert.Null(Accept(word[..^2]));
        Assert.Null(Accept(word[2..]));
    }

    [Fact]
    public void Build_has_no_epsilons_and_one_arc_for_each_label()
    {
        for (var state = 0; state < Graph.StateCount; state++)
        {
            int[] labels = [.. Graph.Arcs(state).ToArray().Select(arc => arc.Input)];

            Assert.DoesNotContain(0, labels);
            Assert.Equal(labels.Length, labels.Distinct().Count());
        }
    }

    [Fact]
    public void Build_weighs_a_path_as_mkgraph_does()
    {
        // Each of the 6 states loops once: 0.1 * (-ln 0.75 - ln 0.25); a word out of 11, no silence before or after.
        var want = (6 * 0.1 * -(Math.Log(0.75) + Math.Log(0.25))) + Math.Log(11) + (2 * Math.Log(2));

        Assert.Equal(want, Cost([.. Path(6, 2)]), 1e-4);
    }

    private static IEnumerable<int[]> Sequences(int length) => length == 0
        ? [[]]
        : Sequences(length - 1).SelectMany(shorter => Enumerable.Range(0, 12).Select(unit => (int[])[.. shorter, unit]));

    private static IEnumerable<int> Path(int unit, int frames) =>
        (unit == 0 ? [Hmms.Silence] : Hmms.WordUnits[unit - 1]).SelectMany(phone => Enumerable.Range(0, 3).SelectMany(state =>
            Enumerable.Repeat(Hmms.SelfLoop(phone, state), frames - 1).Prepend(Hmms.Forward(phone, state))));

    private static int[]? Accept(int[] ids) => Walk(ids) is var (words, cost) && float.IsFinite(cost) ? words : null;

    private static float Cost(int[] ids) => Walk(ids).Cost;

    private static (int[] Words, float Cost) Walk(int[] ids)
    {
        var state = Graph.Start;
        var cost = 0f;
        var words = new List<int>();
        foreach (var id in ids)
        {
            var arcs = Graph.Arcs(state).ToArray().Where(arc => arc.Input == id).ToArray();
            if (arcs.Length == 0)
                return ([], float.PositiveInfinity);

            cost += arcs[0].Weight;
            state = arcs[0].Next;
            if (arcs[0].Output > 0)
                words.Add(arcs[0].Output);
        }

        return ([.. words], cost + Graph.Final(state));
    }
}
