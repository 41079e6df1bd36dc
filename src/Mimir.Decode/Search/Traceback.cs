namespace Mimir.Decode.Search;

/// <summary>Follows the best path backwards while an utterance is being searched.</summary>
internal static class Traceback
{
    /// <summary>The cheapest token of the newest frame, the newest of equal ones; -1 for none.</summary>
    /// <param name="store">The tokens.</param>
    public static int Best(TokenStore store)
    {
        var (first, best) = (store.Frame(store.FrameCount - 1).First, store.TokenCount - 1);
        for (var token = best; token >= first; token--)
        {
            if (store.Costs[token].Cost < store.Costs[best].Cost)
                best = token;
        }

        return best < first ? -1 : best - first;
    }

    /// <summary>Takes one step back; false at the start of the utterance.</summary>
    /// <param name="store">The tokens and links.</param>
    /// <param name="frame">The frame of the token; that of the one before it afterwards.</param>
    /// <param name="token">The number of a token; that of the one before it afterwards.</param>
    /// <param name="step">The cheapest link between them.</param>
    public static bool TryStep(TokenStore store, ref int frame, ref int token, out Link step)
    {
        step = new Link { Graph = float.PositiveInfinity, Target = -1 };
        var back = store.Tokens[store.Frame(frame).First + token].Back;
        if (back == TokenStore.NoBack)
            return false;

        var sameFrame = (back & 1) != 0;
        var from = sameFrame ? frame : frame - 1;
        ref readonly var source = ref store.Tokens[store.Frame(from).First + (back >> 1)];
        var (begin, end) = sameFrame ? (source.EpsilonBegin, source.EpsilonEnd) : (source.EmittingBegin, source.EmittingEnd);
        for (var link = begin; link < end; link++)
        {
            ref readonly var known = ref store.Links[link];
            if (known.Target == token && known.Graph + known.Acoustic < step.Graph + step.Acoustic)
                step = known;
        }

        // Rounding can prune the only link of a path at the edge of the lattice beam; then the path begins here.
        if (step.Target < 0)
            return false;

        (frame, token) = (from, back >> 1);
        return true;
    }
}
