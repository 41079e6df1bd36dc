namespace Mimir.Decode.Search;

/// <summary>Follows the best path backwards while an utterance is being searched.</summary>
internal static class Traceback
{
    /// <summary>The cheapest token of a frame, the newest of equal ones; -1 for none.</summary>
    /// <param name="store">The tokens.</param>
    /// <param name="first">The first token of the frame.</param>
    public static int Best(TokenStore store, int first)
    {
        var best = first;
        for (var token = first; token >= 0; token = store.Tokens[token].Next)
        {
            if (store.Tokens[token].Cost < store.Tokens[best].Cost)
                best = token;
        }

        return best;
    }

    /// <summary>Takes one step back; false at the start of the utterance.</summary>
    /// <param name="store">The tokens and links.</param>
    /// <param name="token">A token; the one before it afterwards.</param>
    /// <param name="step">The cheapest link between them.</param>
    public static bool TryStep(TokenStore store, ref int token, out Link step)
    {
        step = new Link { Graph = float.PositiveInfinity, Target = -1 };
        var back = store.Tokens[token].Back;
        for (var link = back < 0 ? -1 : store.Tokens[back].FirstLink; link >= 0; link = store.Links[link].Next)
        {
            ref readonly var known = ref store.Links[link];
            if (known.Target == token && known.Graph + known.Acoustic < step.Graph + step.Acoustic)
                step = known;
        }

        // Rounding can prune the only link of a path at the edge of the lattice beam; then the path begins here.
        if (step.Target < 0)
            return false;

        token = back;
        return true;
    }
}
