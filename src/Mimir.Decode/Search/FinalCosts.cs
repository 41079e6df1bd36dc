using Mimir.Decode.Graphs;

namespace Mimir.Decode.Search;

/// <summary>How an utterance may end.</summary>
/// <param name="Costs">The final costs by token; null when no token is in a final state and so all may end.</param>
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
