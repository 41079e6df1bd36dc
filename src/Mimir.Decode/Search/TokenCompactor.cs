namespace Mimir.Decode.Search;

/// <summary>Takes tokens of infinite extra cost out of the store and moves the others and their links together.</summary>
internal sealed class TokenCompactor(TokenStore store)
{
    private const int Gone = -1;

    // The new numbers of the tokens of three frames in a row.
    private int[] _before = [];
    private int[] _here = [];
    private int[] _behind = [];
    private Link[] _links = [];

    /// <summary>Compacts the frames from one on.</summary>
    /// <param name="first">The first of them; tokens of those before it stay what they are.</param>
    /// <param name="keepNewest">Keep all tokens of the newest frame, whatever their extra cost.</param>
    public void Compact(int first, bool keepNewest)
    {
        var last = store.FrameCount - 1;
        var (tokenCount, linkCount) = (store.Frame(first).First, store.Frame(first).FirstLink);
        if (first > 0)
            Identity(ref _before, store.CountOf(first - 1));

        Number(first, ref _here, all: keepNewest && first == last);
        for (var frame = first; frame <= last; frame++)
        {
            if (frame < last)
                Number(frame + 1, ref _behind, all: keepNewest && frame + 1 == last);

            var (token, end) = (store.Frame(frame).First, store.End(frame));
            linkCount = MoveLinks(frame, linkCount);
            store.Frame(frame).First = tokenCount;
            for (var number = 0; token < end; token++, number++)
            {
                if (_here[number] == Gone)
                    continue;

                store.Costs[tokenCount] = store.Costs[token];
                store.Tokens[tokenCount] = store.Tokens[token];
                store.Tokens[tokenCount].Back = NewBack(store.Tokens[token].Back);
                tokenCount++;
            }

            (_before, _here, _behind) = (_here, _behind, _before);
        }

        store.Shrink(tokenCount, linkCount);
    }

    private static void Identity(ref int[] numbers, int count)
    {
        Grow(ref numbers, count);
        for (var number = 0; number < count; number++)
            numbers[number] = number;
    }

    private static void Grow(ref int[] numbers, int count)
    {
        if (numbers.Length < count)
            numbers = new int[2 * count];
    }

    private void Number(int frame, ref int[] numbers, bool all)
    {
        var (first, count, kept) = (store.Frame(frame).First, store.CountOf(frame), 0);
        Grow(ref numbers, count);
        for (var number = 0; number < count; number++)
            numbers[number] = all || !float.IsPositiveInfinity(store.Costs[first + number].Extra) ? kept++ : Gone;
    }

    // The runs of a frame do not lie in the order of its tokens, so they go by way of a buffer.
    private int MoveLinks(int frame, int to)
    {
        var (first, count) = (store.Frame(frame).First, store.CountOf(frame));
        var (most, filled) = (store.LinkEnd(frame) - store.Frame(frame).FirstLink, 0);
        if (_links.Length < most)
            _links = new Link[2 * most];

        for (var number = 0; number < count; number++)
        {
            if (_here[number] == Gone)
                continue;

            ref var token = ref store.Tokens[first + number];
            (token.EpsilonBegin, token.EpsilonEnd) = MoveRun(token.EpsilonBegin, token.EpsilonEnd, _here, to, ref filled);
            (token.EmittingBegin, token.EmittingEnd) = MoveRun(token.EmittingBegin, token.EmittingEnd, _behind, to, ref filled);
        }

        store.Frame(frame).FirstLink = to;
        _links.AsSpan(0, filled).CopyTo(store.Links.AsSpan(to));
        return to + filled;
    }

    private (int Begin, int End) MoveRun(int begin, int end, int[] numbers, int to, ref int filled)
    {
        var start = filled;
        for (var link = begin; link < end; link++)
        {
            var step = store.Links[link];
            step.Target = numbers[step.Target];
            if (step.Target != Gone)
                _links[filled++] = step;
        }

        return (to + start, to + filled);
    }

    private int NewBack(int back)
    {
        if (back == TokenStore.NoBack)
            return back;

        var sameFrame = (back & 1) != 0;
        var number = (sameFrame ? _here : _before)[back >> 1];
        return number == Gone ? TokenStore.NoBack : TokenStore.BackTo(number, sameFrame);
    }
}
