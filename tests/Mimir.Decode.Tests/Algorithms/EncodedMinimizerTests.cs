using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Algorithms;

public sealed class EncodedMinimizerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_to_random_transducers_leaves_as_many_states_as_the_slow_partition(bool forward)
    {
        var random = new Random(4);
        for (var round = 0; round < 300; round++)
        {
            var fst = Transducers.Random(random, states: 12, arcs: 24, labels: 2, forward, epsilons: 0.5f);
            Flatten(fst, random);
            Connection.Trim(fst);
            var before = Transducers.Paths(fst, most: 6);
            var classes = SlowPartition(fst);

            EncodedMinimizer.Apply(fst);

            Assert.Equal(classes, fst.StateCount);
            Transducers.SamePaths(before, Transducers.Paths(fst, most: 6));
        }
    }

    [Fact]
    public void Apply_rounds_costs()
    {
        var fst = Transducers.Parse("0 1 1 1 0.26\n0 2 1 1 0.24\n1\n2");

        EncodedMinimizer.Apply(fst, delta: 0.5f);

        Assert.Equal([new FstArc(1, 1, 0, 1), new FstArc(1, 1, 0.5f, 1)], fst.Arcs(0).ToArray());
    }

    // Few different costs, so that states are often alike.
    private static void Flatten(VectorFst fst, Random random)
    {
        for (var state = 0; state < fst.StateCount; state++)
        {
            foreach (ref var arc in fst.Arcs(state))
                arc = arc with { Weight = random.Next(4) == 0 ? 0.5f : 0 };

            if (!float.IsPositiveInfinity(fst.Final(state)))
                fst.SetFinal(state, 0);
        }
    }

    // All classes are split again and again by the sets of arcs into the classes of the round before (Moore).
    private static int SlowPartition(VectorFst fst)
    {
        var classes = new int[fst.StateCount];
        for (var count = 0; ;)
        {
            var numbers = new Dictionary<string, int>();
            var next = new int[classes.Length];
            for (var state = 0; state < next.Length; state++)
            {
                var arcs = fst.Arcs(state).ToArray().Select(arc => $"{arc.Input} {arc.Output} {arc.Weight} {classes[arc.Next]}");
                var key = $"{classes[state]} {fst.Final(state)} " + string.Join(';', arcs.Distinct().Order(StringComparer.Ordinal));
                if (!numbers.TryGetValue(key, out next[state]))
                    numbers.Add(key, next[state] = numbers.Count);
            }

            classes = next;
            if (numbers.Count == count)
                return count;

            count = numbers.Count;
        }
    }
}
