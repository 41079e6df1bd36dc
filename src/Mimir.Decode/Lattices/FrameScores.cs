namespace Mimir.Decode.Lattices;

/// <summary>
/// Puts acoustic costs back to the frames that they are of, which determinization loses: those of a transition-id in a frame are
/// averaged over the lattice that was determinized (Kaldi: --write-compact=false).
/// </summary>
public static class FrameScores
{
    /// <summary>Gives the arcs of a lattice the acoustic costs of another.</summary>
    /// <param name="lattice">A lattice made from the other, with the same frames.</param>
    /// <param name="source">A lattice with the costs of each frame on its own arcs.</param>
    public static Lattice Restore(Lattice lattice, Lattice source)
    {
        var sums = new Dictionary<(int Frame, int Transition), (float Sum, int Count)>();
        var times = LatticeTimes.Of(source);
        for (var state = 0; state < times.Length; state++)
        {
            foreach (ref readonly var arc in source.Arcs(state))
            {
                if (arc.Input == 0)
                    continue;

                var (sum, count) = sums.GetValueOrDefault((times[state], arc.Input));
                sums[(times[state], arc.Input)] = (sum + arc.Weight.Acoustic, count + 1);
            }
        }

        times = LatticeTimes.Of(lattice);
        return lattice.Map(
            (state, arc) => arc with { Weight = arc.Weight with { Acoustic = Mean(times[state], arc.Input) } },
            (_, final) => final with { Acoustic = 0 });

        float Mean(int frame, int transition) =>
            transition != 0 && sums.TryGetValue((frame, transition), out var found) ? found.Sum / found.Count : 0;
    }
}
