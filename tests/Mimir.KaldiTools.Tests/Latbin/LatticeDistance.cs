using Mimir.Decode.Lattices;

namespace Mimir.KaldiTools.Tests.Latbin;

/// <summary>The largest difference of two costs of lattices that have the same states, arcs, words and alignments.</summary>
internal static class LatticeDistance
{
    public static double Of(WordLattice expected, WordLattice actual)
    {
        Assert.Equal(expected.StateCount, actual.StateCount);
        (expected, actual) = (Sorted(expected), Sorted(actual));
        var largest = 0.0;
        for (var state = 0; state < expected.StateCount; state++)
        {
            Assert.Equal(expected.Arcs(state).Length, actual.Arcs(state).Length);
            Assert.Equal(expected.FinalAlignment(state).ToArray(), actual.FinalAlignment(state).ToArray());
            largest = Math.Max(largest, Of(expected.Final(state), actual.Final(state)));
            foreach (var (theirs, ours) in expected.Arcs(state).ToArray().Zip(actual.Arcs(state).ToArray()))
            {
                Assert.Equal((theirs.Word, theirs.Next), (ours.Word, ours.Next));
                Assert.Equal(theirs.Alignment, ours.Alignment);
                largest = Math.Max(largest, Of(theirs.Weight, ours.Weight));
            }
        }

        return largest;
    }

    // States are numbered along the arcs, which two programs may have in another order.
    private static WordLattice Sorted(WordLattice lattice)
    {
        var builder = new WordLatticeBuilder();
        for (var state = 0; state < lattice.StateCount; state++)
            builder.SetFinal(builder.AddState(), lattice.Final(state), [.. lattice.FinalAlignment(state)]);

        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (var arc in lattice.Arcs(state).ToArray()
                .OrderBy(arc => arc.Word).ThenBy(arc => string.Join(' ', arc.Alignment), StringComparer.Ordinal))
                builder.AddArc(state, arc);
        }

        return builder.Build();
    }

    public static double Of(Lattice expected, Lattice actual)
    {
        Assert.Equal(expected.StateCount, actual.StateCount);
        var largest = 0.0;
        for (var state = 0; state < expected.StateCount; state++)
        {
            Assert.Equal(expected.Arcs(state).Length, actual.Arcs(state).Length);
            largest = Math.Max(largest, Of(expected.Final(state), actual.Final(state)));
            foreach (var (theirs, ours) in expected.Arcs(state).ToArray().Zip(actual.Arcs(state).ToArray()))
            {
                Assert.Equal((theirs.Input, theirs.Word, theirs.Next), (ours.Input, ours.Word, ours.Next));
                largest = Math.Max(largest, Of(theirs.Weight, ours.Weight));
            }
        }

        return largest;
    }

    // Of six digits of text, the last may differ.
    private static double Of(LatticeWeight expected, LatticeWeight actual)
    {
        Assert.Equal(expected.IsZero, actual.IsZero);
        return expected.IsZero ? 0 : Math.Max(Of(expected.Graph, actual.Graph), Of(expected.Acoustic, actual.Acoustic));
    }

    private static double Of(float expected, float actual) => Math.Max(0, Math.Abs(expected - actual) - (6e-6 * Math.Abs(expected)));
}
