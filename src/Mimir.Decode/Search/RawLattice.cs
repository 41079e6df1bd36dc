using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Search;

/// <summary>Converts the surviving tokens and links to a lattice.</summary>
internal static class RawLattice
{
    /// <summary>Builds the lattice of an utterance whose tokens are pruned.</summary>
    /// <param name="graph">The decoding graph.</param>
    /// <param name="store">The tokens and links.</param>
    /// <param name="offsets">The offset of the acoustic costs of each frame.</param>
    /// <param name="isPartial">True when no path ended in a final state; then every last token is an end.</param>
    public static Lattice Build(Fst graph, TokenStore store, float[] offsets, bool isPartial)
    {
        var builder = new LatticeBuilder { IsPartial = isPartial };
        for (var token = 0; token < store.TokenCount; token++)
            builder.AddState();

        for (var frame = 0; frame < store.FrameCount; frame++)
        {
            var (first, end, isLast) = (store.Frame(frame).First, store.End(frame), frame == store.FrameCount - 1);
            for (var token = first; token < end; token++)
            {
                ref readonly var source = ref store.Tokens[token];
                Add(token, source.EmittingBegin, source.EmittingEnd, end, isLast ? 0 : offsets[frame]);
                Add(token, source.EpsilonBegin, source.EpsilonEnd, first, 0);
                var final = isPartial ? 0 : graph.Final(source.State);
                if (isLast && !float.IsPositiveInfinity(final))
                    builder.SetFinal(token, new LatticeWeight(final, 0));
            }
        }

        return builder.Build();

        void Add(int token, int begin, int end, int targets, float offset)
        {
            for (var link = end - 1; link >= begin; link--)
            {
                ref readonly var step = ref store.Links[link];
                ref readonly var arc = ref graph.Arc(step.Arc);
                var weight = new LatticeWeight(step.Graph, step.Acoustic - offset);
                builder.AddArc(token, new LatticeArc(arc.Input, arc.Output, weight, targets + step.Target));
            }
        }
    }
}

/// <summary>The final costs of an utterance.</summary>
/// <param name="Costs">The final costs of the last frame's tokens; null when none is in a final state; then all tokens may end.</param>
/// <param name="Best">The least cost of a path with its final cost.</param>
internal readonly record struct FinalCosts(float[]? Costs, float Best)
{
    /// <summary>Collects the final costs of the tokens of the last frame.</summary>
    public static FinalCosts Compute(Fst graph, TokenStore store)
    {
        var first = store.Frame(store.FrameCount - 1).First;
        var costs = new float[store.TokenCount - first];
        var (best, bestFinal) = (float.PositiveInfinity, float.PositiveInfinity);
        for (var number = 0; number < costs.Length; number++)
        {
            var cost = store.Costs[first + number].Cost;
            costs[number] = graph.Final(store.Tokens[first + number].State);
            best = Math.Min(best, cost);
            bestFinal = Math.Min(bestFinal, cost + costs[number]);
        }

        return float.IsPositiveInfinity(bestFinal) ? new FinalCosts(null, best) : new FinalCosts(costs, bestFinal);
    }
}
