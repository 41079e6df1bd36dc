using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Search;

/// <summary>Converts the surviving tokens and links to a lattice.</summary>
internal static class RawLattice
{
    public static Lattice Build(
        TokenStore store, ReadOnlySpan<TokenFrame> frames, float[] offsets, Dictionary<int, float>? finalCosts)
    {
        var builder = new LatticeBuilder { IsPartial = finalCosts is null };
        var states = new Dictionary<int, int>();
        foreach (var frame in frames)
        {
            for (var token = frame.First; token >= 0; token = store.Tokens[token].Next)
                states.Add(token, builder.AddState());
        }

        for (var f = 0; f < frames.Length; f++)
        {
            for (var token = frames[f].First; token >= 0; token = store.Tokens[token].Next)
            {
                var state = states[token];
                for (var link = store.Tokens[token].FirstLink; link >= 0; link = store.Links[link].Next)
                {
                    ref var step = ref store.Links[link];
                    var acoustic = step.Input == 0 ? step.Acoustic : step.Acoustic - offsets[f];
                    builder.AddArc(state, new LatticeArc(
                        step.Input, step.Output, new LatticeWeight(step.Graph, acoustic), states[step.Target]));
                }

                if (f < frames.Length - 1)
                    continue;

                if (finalCosts is null)
                    builder.SetFinal(state, LatticeWeight.One);
                else if (finalCosts.TryGetValue(token, out var cost))
                    builder.SetFinal(state, new LatticeWeight(cost, 0));
            }
        }

        // New tokens are added at the head of a list, so the start token is the last of its frame.
        builder.Start = StartState(store, frames, states);
        return builder.Build();
    }

    private static int StartState(TokenStore store, ReadOnlySpan<TokenFrame> frames, Dictionary<int, int> states)
    {
        var last = frames[0].First;
        while (last >= 0 && store.Tokens[last].Next >= 0)
            last = store.Tokens[last].Next;

        return last < 0 ? 0 : states[last];
    }
}

/// <summary>The final costs of an utterance.</summary>
/// <param name="Costs">The final costs by token; null when no token is in a final state; then all tokens may end.</param>
/// <param name="Best">The least cost of a path with its final cost.</param>
internal readonly record struct FinalCosts(Dictionary<int, float>? Costs, float Best)
{
    /// <summary>Collects the final costs of the tokens of the last frame.</summary>
    public static FinalCosts Compute(Fst graph, TokenStore store, int first)
    {
        var costs = new Dictionary<int, float>();
        var (best, bestFinal) = (float.PositiveInfinity, float.PositiveInfinity);
        for (var token = first; token >= 0; token = store.Tokens[token].Next)
        {
            var cost = store.Tokens[token].Cost;
            var final = graph.Final(store.Tokens[token].State);
            best = Math.Min(best, cost);
            bestFinal = Math.Min(bestFinal, cost + final);
            if (!float.IsPositiveInfinity(final))
                costs.Add(token, final);
        }

        return float.IsPositiveInfinity(bestFinal) ? new FinalCosts(null, best) : new FinalCosts(costs, bestFinal);
    }
}
