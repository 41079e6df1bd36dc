namespace Mimir.Decode.Search;

/// <summary>
/// Removes tokens and links that cannot be part of a path within the lattice beam, backwards from the newest frame (the
/// pruning of Povey et al., "Generating exact lattices in the WFST framework", ICASSP 2012, as Kaldi does it).
/// </summary>
internal sealed class TokenPruner(TokenStore store, float latticeBeam)
{
    private const float FinalTolerance = 1e-5f;

    /// <summary>Prunes during the utterance; the newest frame is kept whole.</summary>
    /// <param name="frames">The frames so far, the start first.</param>
    /// <param name="tolerance">Changes of a token's extra cost up to this are not propagated further back.</param>
    public void Prune(Span<TokenFrame> frames, float tolerance)
    {
        for (var f = frames.Length - 2; f >= 0; f--)
        {
            if (frames[f].PruneLinks)
            {
                var (changed, pruned) = PruneLinks(frames[f].First, tolerance);
                if (changed && f > 0)
                    frames[f - 1].PruneLinks = true;

                frames[f].PruneTokens |= pruned;
                frames[f].PruneLinks = false;
            }

            if (f + 1 < frames.Length - 1 && frames[f + 1].PruneTokens)
            {
                PruneTokens(ref frames[f + 1]);
                frames[f + 1].PruneTokens = false;
            }
        }
    }

    /// <summary>Prunes a whole utterance, exactly.</summary>
    /// <param name="frames">All frames, the start first.</param>
    /// <param name="finalCosts">The final costs by token of the last frame; null when every token may end the
    /// utterance.</param>
    /// <param name="bestCost">The cost of the best path, its final cost included.</param>
    public void PruneFinal(Span<TokenFrame> frames, Dictionary<int, float>? finalCosts, float bestCost)
    {
        PruneLastLinks(frames[^1].First, finalCosts, bestCost);
        for (var f = frames.Length - 2; f >= 0; f--)
        {
            PruneLinks(frames[f].First, tolerance: 0);
            PruneTokens(ref frames[f + 1]);
        }

        PruneTokens(ref frames[0]);
    }

    // Links within a frame have no order, so extra costs are recomputed until they converge.
    private (bool Changed, bool Pruned) PruneLinks(int first, float tolerance)
    {
        var (anyChanged, anyPruned) = (false, false);
        for (var changed = true; changed;)
        {
            changed = false;
            for (var token = first; token >= 0; token = store.Tokens[token].Next)
            {
                var extra = PruneLinksOf(token, float.PositiveInfinity, ref anyPruned);
                changed |= Math.Abs(extra - store.Tokens[token].Extra) > tolerance;
                store.Tokens[token].Extra = extra;
            }

            anyChanged |= changed;
        }

        return (anyChanged, anyPruned);
    }

    private void PruneLastLinks(int first, Dictionary<int, float>? finalCosts, float bestCost)
    {
        var pruned = false;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var token = first; token >= 0; token = store.Tokens[token].Next)
            {
                var final = finalCosts is null ? 0 : finalCosts.GetValueOrDefault(token, float.PositiveInfinity);
                var extra = PruneLinksOf(token, store.Tokens[token].Cost + final - bestCost, ref pruned);
                if (extra > latticeBeam)
                    extra = float.PositiveInfinity;

                changed |= !Near(store.Tokens[token].Extra, extra);
                store.Tokens[token].Extra = extra;
            }
        }
    }

    private float PruneLinksOf(int token, float extra, ref bool pruned)
    {
        var cost = store.Tokens[token].Cost;
        for (int link = store.Tokens[token].FirstLink, previous = -1; link >= 0;)
        {
            ref var step = ref store.Links[link];
            ref var target = ref store.Tokens[step.Target];
            var next = step.Next;
            var linkExtra = target.Extra + (cost + step.Acoustic + step.Graph - target.Cost);
            if (linkExtra > latticeBeam)
            {
                if (previous >= 0)
                    store.Links[previous].Next = next;
                else
                    store.Tokens[token].FirstLink = next;

                store.FreeLink(link);
                pruned = true;
            }
            else
            {
                extra = Math.Min(extra, Math.Max(linkExtra, 0));
                previous = link;
            }

            link = next;
        }

        return extra;
    }

    private void PruneTokens(ref TokenFrame frame)
    {
        for (int token = frame.First, previous = -1; token >= 0;)
        {
            var next = store.Tokens[token].Next;
            if (float.IsPositiveInfinity(store.Tokens[token].Extra))
            {
                if (previous >= 0)
                    store.Tokens[previous].Next = next;
                else
                    frame.First = next;

                store.FreeToken(token);
            }
            else
            {
                previous = token;
            }

            token = next;
        }
    }

    private static bool Near(float a, float b) =>
        a == b || (float.IsFinite(a - b) && Math.Abs(a - b) <= FinalTolerance * (Math.Abs(a) + Math.Abs(b)));
}
