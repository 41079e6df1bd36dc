namespace Mimir.Decode.Search;

/// <summary>
/// Takes those links out of a frame that close a loop of arcs without input, so that the lattice has none. No best path runs through
/// them, because loops do not sum to less than 0.
/// </summary>
/// <param name="store">The tokens and links.</param>
/// <param name="loops">The set of connected loops of each state of the graph, 0 for none.</param>
internal sealed class LoopCutter(TokenStore store, int[] loops)
{
    private readonly Dictionary<int, int> _order = [];
    private readonly PriorityQueue<int, float> _reached = new();
    private int _first;
    private int _end;

    /// <summary>Tests for an arc that may close a loop.</summary>
    /// <param name="from">The state that it leaves.</param>
    /// <param name="to">The state that it leads to.</param>
    public bool MayClose(int from, int to) => loops[from] != 0 && loops[from] == loops[to];

    /// <summary>Cuts the loops of the newest frame; its links are complete.</summary>
    public void Cut()
    {
        var newest = store.FrameCount - 1;
        (_first, _end) = (store.Frame(newest).First, store.TokenCount);
        if (!AnyLoop())
            return;

        _order.Clear();
        if (newest == 0)
            Reach(_first);
        else
            Enter(newest - 1);

        Follow();

        // A token that only a rounded cost keeps from being reached comes behind the others.
        for (var token = _end - 1; token >= _first; token--)
            Reach(token);

        Follow();
        for (var token = _end - 1; token >= _first; token--)
            RemoveBackward(token);
    }

    private bool AnyLoop()
    {
        for (var token = _first; token < _end; token++)
        {
            if (loops[store.Tokens[token].State] != 0)
                return true;
        }

        return false;
    }

    // The tokens whose best path comes from the frame before.
    private void Enter(int previous)
    {
        for (var token = _first - 1; token >= store.Frame(previous).First; token--)
            ReachAlong(token, store.Tokens[token].EmittingBegin, store.Tokens[token].EmittingEnd);
    }

    // The order in which best paths reach the tokens: each comes behind the one that its best path comes from.
    private void Follow()
    {
        while (_reached.TryDequeue(out var token, out _))
        {
            if (_order.TryAdd(token, _order.Count))
                ReachAlong(token, store.Tokens[token].EpsilonBegin, store.Tokens[token].EpsilonEnd);
        }
    }

    private void ReachAlong(int token, int begin, int end)
    {
        for (var link = end - 1; link >= begin; link--)
        {
            ref readonly var step = ref store.Links[link];
            if (store.Costs[token].Cost + step.Acoustic + step.Graph <= store.Costs[_first + step.Target].Cost)
                Reach(_first + step.Target);
        }
    }

    private void Reach(int token)
    {
        if (!_order.ContainsKey(token))
            _reached.Enqueue(token, store.Costs[token].Cost);
    }

    private void RemoveBackward(int token)
    {
        ref var source = ref store.Tokens[token];
        var kept = source.EpsilonBegin;
        for (var link = kept; link < source.EpsilonEnd; link++)
        {
            var target = _first + store.Links[link].Target;
            if (!MayClose(source.State, store.Tokens[target].State) || _order[target] > _order[token])
                store.Links[kept++] = store.Links[link];
        }

        source.EpsilonEnd = kept;
    }
}
