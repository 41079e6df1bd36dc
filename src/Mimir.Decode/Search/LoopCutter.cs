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

    /// <summary>Tests for an arc that may close a loop.</summary>
    /// <param name="from">The state that it leaves.</param>
    /// <param name="to">The state that it leads to.</param>
    public bool MayClose(int from, int to) => loops[from] != 0 && loops[from] == loops[to];

    /// <summary>Cuts the loops of the newest frame.</summary>
    /// <param name="frames">The frames so far, the start first; their links are complete.</param>
    public void Cut(ReadOnlySpan<TokenFrame> frames)
    {
        var first = frames[^1].First;
        if (!AnyLoop(first))
            return;

        _order.Clear();
        if (frames.Length == 1)
            Reach(Last(first));
        else
            Enter(frames[^2].First);

        Follow();

        // A token that only a rounded cost keeps from being reached comes behind the others.
        for (var token = first; token >= 0; token = store.Tokens[token].Next)
            Reach(token);

        Follow();
        for (var token = first; token >= 0; token = store.Tokens[token].Next)
            RemoveBackward(token);
    }

    private bool AnyLoop(int first)
    {
        for (var token = first; token >= 0; token = store.Tokens[token].Next)
        {
            if (loops[store.Tokens[token].State] != 0)
                return true;
        }

        return false;
    }

    private int Last(int first)
    {
        while (first >= 0 && store.Tokens[first].Next >= 0)
            first = store.Tokens[first].Next;

        return first;
    }

    // The tokens whose best path comes from the frame before.
    private void Enter(int previous)
    {
        for (var token = previous; token >= 0; token = store.Tokens[token].Next)
        {
            for (var link = store.Tokens[token].FirstLink; link >= 0; link = store.Links[link].Next)
            {
                if (store.Links[link].Input != 0)
                    ReachBy(token, link);
            }
        }
    }

    // The order in which best paths reach the tokens: each comes behind the one that its best path comes from.
    private void Follow()
    {
        while (_reached.TryDequeue(out var token, out _))
        {
            if (!_order.TryAdd(token, _order.Count))
                continue;

            for (var link = store.Tokens[token].FirstLink; link >= 0; link = store.Links[link].Next)
                ReachBy(token, link);
        }
    }

    private void ReachBy(int token, int link)
    {
        ref var step = ref store.Links[link];
        if (store.Tokens[token].Cost + step.Acoustic + step.Graph <= store.Tokens[step.Target].Cost)
            Reach(step.Target);
    }

    private void Reach(int token)
    {
        if (token >= 0 && !_order.ContainsKey(token))
            _reached.Enqueue(token, store.Tokens[token].Cost);
    }

    private void RemoveBackward(int token)
    {
        for (int link = store.Tokens[token].FirstLink, previous = -1; link >= 0;)
        {
            var next = store.Links[link].Next;
            var target = store.Links[link].Target;
            if (MayClose(store.Tokens[token].State, store.Tokens[target].State) && _order[target] <= _order[token])
            {
                if (previous >= 0)
                    store.Links[previous].Next = next;
                else
                    store.Tokens[token].FirstLink = next;

                store.FreeLink(link);
            }
            else
            {
                previous = link;
            }

            link = next;
        }
    }
}
