using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>The sums of the ways out of states: each is 0 as a cost where the ways of every state sum to 1.</summary>
public static class Stochasticity
{
    /// <summary>Finds the least and the greatest sum of a state's arcs and final cost (Kaldi: fstisstochastic).</summary>
    /// <param name="fst">The transducer.</param>
    /// <param name="logSums">Sums in the log semiring; otherwise the least way counts.</param>
    /// <returns>The sums as costs; 0 and infinity without states.</returns>
    public static (float Least, float Greatest) Sums(IFst fst, bool logSums = true)
    {
        var (least, greatest) = (0f, float.PositiveInfinity);
        for (var state = 0; state < fst.StateCount; state++)
        {
            var sum = fst.Final(state);
            foreach (ref readonly var arc in fst.Arcs(state))
                sum = logSums ? LogSum.Add(sum, arc.Weight) : Math.Min(sum, arc.Weight);

            least = state == 0 ? sum : Math.Min(least, sum);
            greatest = state == 0 ? sum : Math.Max(greatest, sum);
        }

        return (least, greatest);
    }
}
