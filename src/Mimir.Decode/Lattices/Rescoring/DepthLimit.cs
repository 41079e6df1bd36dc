using Mimir.Base;

namespace Mimir.Decode.Lattices.Rescoring;

/// <summary>Leaves out the worst arcs of frames that too many arcs cross.</summary>
public static class DepthLimit
{
    /// <summary>Limits the arcs of each frame (Kaldi: lattice-limit-depth).</summary>
    /// <param name="lattice">A lattice whose costs are scaled as they count.</param>
    /// <param name="arcsPerFrame">The greatest number of arcs that may cross a frame.</param>
    /// <exception cref="InputException">Its paths differ in their number of frames.</exception>
    public static WordLattice Apply(WordLattice lattice, int arcsPerFrame)
    {
        var times = LatticeTimes.Of(lattice);
        var (forward, backward) = Costs(lattice);
        var frames = new List<(double Cost, int State, int Arc)>[LatticeTimes.Frames(lattice, times)];
        for (var frame = 0; frame < frames.Length; frame++)
            frames[frame] = [];

        for (var state = 0; state < times.Length; state++)
        {
            var arcs = lattice.Arcs(state);
            for (var index = 0; index < arcs.Length; index++)
            {
                var cost = forward[state] + arcs[index].Weight.Cost + backward[arcs[index].Next];
                for (var frame = 0; frame < arcs[index].Alignment.Length; frame++)
                    frames[times[state] + frame].Add((cost, state, index));
            }
        }

        var removed = frames
            .Where(crossing => crossing.Count > arcsPerFrame)
            .SelectMany(crossing => crossing.OrderBy(arc => arc.Cost).Skip(arcsPerFrame))
            .Select(arc => (arc.State, arc.Arc))
            .ToHashSet();
        var builder = new WordLatticeBuilder { IsPartial = lattice.IsPartial };
        for (var state = 0; state < times.Length; state++)
            builder.SetFinal(builder.AddState(), lattice.Final(state), [.. lattice.FinalAlignment(state)]);

        for (var state = 0; state < times.Length; state++)
        {
            for (var index = 0; index < lattice.Arcs(state).Length; index++)
            {
                if (!removed.Contains((state, index)))
                    builder.AddArc(state, lattice.Arcs(state)[index]);
            }
        }

        return builder.Build(keepOrder: true);
    }

    private static (double[] Forward, double[] Backward) Costs(WordLattice lattice)
    {
        var forward = new double[lattice.StateCount];
        var backward = new double[lattice.StateCount];
        forward.AsSpan(Math.Min(1, forward.Length)).Fill(double.PositiveInfinity);
        for (var state = 0; state < forward.Length; state++)
        {
            foreach (var arc in lattice.Arcs(state))
                forward[arc.Next] = Math.Min(forward[arc.Next], forward[state] + arc.Weight.Cost);
        }

        for (var state = backward.Length - 1; state >= 0; state--)
        {
            backward[state] = lattice.Final(state).Cost;
            foreach (var arc in lattice.Arcs(state))
                backward[state] = Math.Min(backward[state], arc.Weight.Cost + backward[arc.Next]);
        }

        return (forward, backward);
    }
}
