using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>The sums of the ways out of states, as costs: 0 where the ways of a state sum to 1.</summary>
/// <param name="Minimum">The least probable sum.</param>
/// <param name="Maximum">The most probable sum.</param>
public sealed record Stochasticity(float Minimum, float Maximum)
{
    /// <summary>Gets the largest difference of a sum from 1, as a cost.</summary>
    public float LargestError => Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));

    /// <summary>Sums the arcs and the final cost of every state (Kaldi: fstisstochastic).</summary>
    /// <param name="fst">The transducer.</param>
    /// <param name="logSums">Sums in the log semiring; otherwise the best way counts.</param>
    public static Stochasticity Check(IFst fst, bool logSums = true)
    {
        var (minimum, maximum) = (0f, 0f);
        for (var state = 0; state < fst.StateCount; state++)
        {
            var sum = fst.Final(state);
            foreach (ref readonly var arc in fst.Arcs(state))
                sum = logSums ? LogSum.Add(sum, arc.Weight) : Math.Min(sum, arc.Weight);

            minimum = state == 0 ? sum : Math.Max(minimum, sum);
            maximum = state == 0 ? sum : Math.Min(maximum, sum);
        }

        return new Stochasticity(minimum, maximum);
    }
}
