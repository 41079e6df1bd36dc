namespace Mimir.Decode.Search;

/// <summary>
/// Removes tokens and links that cannot be part of a path within the lattice beam, backwards from the newest frame (the
/// pruning of Povey et al., "Generating exact lattices in the WFST framework", ICASSP 2012, as Kaldi does it).
/// </summary>
internal sealed class TokenPruner(TokenStore store, float latticeBeam)
{
    private const float FinalTolerance = 1e-5f;
    private readonly List<(int Token, float Emitting)> _linked = [];
    private readonly TokenCompactor _compactor = new(store);

    /// <summary>Prunes during the utterance; the newest frame is kept whole.</summary>
    /// <param name="tolerance">Changes of a token's extra cost up to this are not propagated further back.</param>
    public void Prune(float tolerance)
    {
        var first = store.FrameCount - 1;
        for (var frame = store.FrameCount - 2; frame >= 0; frame--)
        {
            if (!store.Frame(frame).IsStale)
                continue;

            if (PruneLinks(frame, tolerance) && frame > 0)
                store.Frame(frame - 1).IsStale = true;

            store.Frame(frame).IsStale = false;
            first = frame;
        }

        if (first < store.FrameCount - 1)
            _compactor.Compact(first, keepNewest: true);
    }

    /// <summary>Prunes a whole utterance, exactly.</summary>
    /// <param name="finalCosts">The final costs of the tokens of the last frame; null when every token may end the
    /// utterance.</param>
    /// <param name="bestCost">The cost of the best path, its final cost included.</param>
    public void PruneFinal(float[]? finalCosts, float bestCost)
    {
        PruneLastLinks(finalCosts, bestCost);
        for (var frame = store.FrameCount - 2; frame >= 0; frame--)
            PruneLinks(frame, tolerance: 0);

        _compactor.Compact(0, keepNewest: false);
    }

    // Links within a frame have no order, so the extra costs of tokens that have some are recomputed until they converge.
    private bool PruneLinks(int frame, float tolerance)
    {
        var (first, next) = (store.Frame(frame).First, store.Frame(frame + 1).First);
        var changed = false;
        _linked.Clear();
        for (var token = store.End(frame) - 1; token >= first; token--)
        {
            var extra = PruneEmitting(token, next);
            if (store.Tokens[token].EpsilonBegin != store.Tokens[token].EpsilonEnd)
            {
                _linked.Add((token, extra));
                extra = Math.Min(extra, PruneEpsilons(token, first));
            }

            changed |= Update(token, extra, tolerance);
        }

        var anyChanged = changed;
        while (changed && _linked.Count > 0)
        {
            changed = false;
            foreach (var (token, emitting) in _linked)
                changed |= Update(token, Math.Min(emitting, PruneEpsilons(token, first)), tolerance);
        }

        return anyChanged;
    }

    private bool Update(int token, float extra, float tolerance)
    {
        ref var known = ref store.Costs[token].Extra;
        var changed = Math.Abs(extra - known) > tolerance;
        known = extra;
        return changed;
    }

    private void PruneLastLinks(float[]? finalCosts, float bestCost)
    {
        var frame = store.FrameCount - 1;
        var (first, end) = (store.Frame(frame).First, store.End(frame));
        for (var changed = true; changed;)
        {
            changed = false;
            for (var token = end - 1; token >= first; token--)
            {
                var final = finalCosts is null ? 0 : finalCosts[token - first];
                var extra = Math.Min(store.Costs[token].Cost + final - bestCost, PruneEpsilons(token, first));
                if (extra > latticeBeam)
                    extra = float.PositiveInfinity;

                changed |= !Near(store.Costs[token].Extra, extra);
                store.Costs[token].Extra = extra;
            }
        }
    }

    private float PruneEmitting(int token, int targets)
    {
        ref var source = ref store.Tokens[token];
        return source.EmittingBegin == source.EmittingEnd
            ? float.PositiveInfinity
            : PruneRun(store.Costs[token].Cost, source.EmittingBegin, ref source.EmittingEnd, targets);
    }

    private float PruneEpsilons(int token, int targets)
    {
        ref var source = ref store.Tokens[token];
        return source.EpsilonBegin == source.EpsilonEnd
            ? float.PositiveInfinity
            : PruneRun(store.Costs[token].Cost, source.EpsilonBegin, ref source.EpsilonEnd, targets);
    }

    // Removes links from a run; returns the least extra cost of those that stay.
    private float PruneRun(float cost, int begin, ref int end, int targets)
    {
        var (least, kept) = (float.PositiveInfinity, begin);
        var (links, costs) = (store.Links, store.Costs);
        for (var link = begin; link < end; link++)
        {
            ref readonly var step = ref links[link];
            ref readonly var target = ref costs[targets + step.Target];
            var extra = target.Extra + (cost + step.Acoustic + step.Graph - target.Cost);
            if (extra > latticeBeam)
                continue;

            least = Math.Min(least, Math.Max(extra, 0));
            if (kept != link)
                links[kept] = step;

            kept++;
        }

        end = kept;
        return least;
    }

    private static bool Near(float a, float b) =>
        a == b || (float.IsFinite(a - b) && Math.Abs(a - b) <= FinalTolerance * (Math.Abs(a) + Math.Abs(b)));
}
