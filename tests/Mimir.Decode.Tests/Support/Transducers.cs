using System.Globalization;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Tests.Support;

/// <summary>Transducers for tests: from text, by chance, and all their short paths.</summary>
internal static class Transducers
{
    /// <summary>Reads fstprint's text form, with spaces.</summary>
    public static VectorFst Parse(string text)
    {
        using var reader = new KaldiReader(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text + "\n")), "text");
        return FstText.Read(reader);
    }

    /// <summary>A random transducer; with <paramref name="forward"/> its arcs lead to higher states only.</summary>
    public static VectorFst Random(Random random, int states, int arcs, int labels, bool forward, float epsilons = 0.3f)
    {
        var fst = new VectorFst();
        for (var i = 0; i < states; i++)
            fst.AddState(random.Next(3) == 0 || i == states - 1 ? Cost() : float.PositiveInfinity);

        fst.Start = 0;
        for (var i = 0; i < arcs; i++)
        {
            var from = random.Next(forward ? states - 1 : states);
            fst.AddArc(from, new FstArc(Label(), Label(), Cost(), forward ? random.Next(from + 1, states) : random.Next(states)));
        }

        return fst;

        float Cost() => random.Next(16) / 8f;
        int Label() => random.NextSingle() < epsilons ? 0 : 1 + random.Next(labels);
    }

    /// <summary>Makes the output of every arc a function of its input, so that the transducer is functional.</summary>
    public static VectorFst Functional(VectorFst fst)
    {
        for (var state = 0; state < fst.StateCount; state++)
        {
            foreach (ref var arc in fst.Arcs(state))
                arc = arc with { Output = arc.Input == 2 ? 0 : arc.Input };
        }

        return fst;
    }

    /// <summary>The cost of each pair of an input and an output over all paths of at most some arcs.</summary>
    /// <param name="fst">The transducer.</param>
    /// <param name="most">The most arcs of a path.</param>
    /// <param name="logSums">Sums probabilities; otherwise the least cost counts.</param>
    public static Dictionary<string, double> Paths(VectorFst fst, int most = 12, bool logSums = false)
    {
        var costs = new Dictionary<string, double>();
        if (fst.Start >= 0)
            Walk(fst.Start, "", "", 0, most);

        return costs;

        void Walk(int state, string input, string output, double cost, int left)
        {
            if (!float.IsPositiveInfinity(fst.Final(state)))
                Add($"{input}:{output}", cost + fst.Final(state));
            if (left == 0)
                return;

            foreach (var arc in fst.Arcs(state).ToArray())
                Walk(arc.Next, Join(input, arc.Input), Join(output, arc.Output), cost + arc.Weight, left - 1);
        }

        void Add(string pair, double cost) => costs[pair] = !costs.TryGetValue(pair, out var known) ? cost
            : logSums ? -Math.Log(Math.Exp(-known) + Math.Exp(-cost))
            : Math.Min(known, cost);
    }

    private static string Join(string text, int label) =>
        label == 0 ? text : text + label.ToString(CultureInfo.InvariantCulture) + " ";

    /// <summary>Asserts that two transducers have the same pairs with the same costs.</summary>
    public static void SamePaths(Dictionary<string, double> expected, Dictionary<string, double> actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (pair, cost) in expected)
            Assert.True(Math.Abs(cost - actual[pair]) <= tolerance, $"{pair} costs {actual[pair]}, expected {cost}");
    }

    /// <summary>Asserts that two transducers are the same but for the numbers of states; arcs of a state differ in their labels.</summary>
    public static void AreIsomorphic(VectorFst expected, VectorFst actual, float tolerance)
    {
        Assert.Equal((expected.StateCount, expected.ArcCount), (actual.StateCount, actual.ArcCount));
        ArcOrder.SortByInput(expected);
        ArcOrder.SortByInput(actual);
        var partners = new Dictionary<int, int> { [expected.Start] = actual.Start };
        var open = new Stack<int>([expected.Start]);
        while (open.TryPop(out var state))
        {
            var (own, other) = (expected.Arcs(state).ToArray(), actual.Arcs(partners[state]).ToArray());
            Assert.Equal(own.Select(arc => (arc.Input, arc.Output)), other.Select(arc => (arc.Input, arc.Output)));
            AreNear(expected.Final(state), actual.Final(partners[state]), tolerance);
            foreach (var (mine, its) in own.Zip(other))
            {
                AreNear(mine.Weight, its.Weight, tolerance);
                if (partners.TryAdd(mine.Next, its.Next))
                    open.Push(mine.Next);

                Assert.Equal(partners[mine.Next], its.Next);
            }
        }
    }

    /// <summary>Asserts that the starts of two transducers have the same ways onward, without regard to the numbers of states.</summary>
    public static void AreBisimilar(VectorFst expected, VectorFst actual)
    {
        Assert.Equal((expected.StateCount, expected.ArcCount), (actual.StateCount, actual.ArcCount));
        var both = expected.Copy();
        var offset = both.StateCount;
        for (var state = 0; state < actual.StateCount; state++)
        {
            var arcs = actual.Arcs(state).ToArray().Select(arc => arc with { Next = arc.Next + offset });
            both.SetArcs(both.AddState(actual.Final(state)), arcs.ToArray());
        }

        var start = both.AddState();
        both.AddArc(start, new FstArc(1, 1, 0, expected.Start));
        both.AddArc(start, new FstArc(2, 2, 0, actual.Start + offset));
        both.Start = start;
        EncodedMinimizer.Apply(both);
        Assert.Equal(both.Arcs(both.Start)[0].Next, both.Arcs(both.Start)[1].Next);
    }

    private static void AreNear(float expected, float actual, float tolerance) =>
        Assert.True(expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance, $"{actual}, expected {expected}");
}
