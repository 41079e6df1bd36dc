namespace Mimir.Decode.Search;

/// <summary>The costs of a token that the search compares, apart from the rest so that a frame of them stays in the cache.</summary>
internal struct TokenCost
{
    /// <summary>The cost of the best path to here.</summary>
    public float Cost;

    /// <summary>The known cost of the best path through this token beyond that of the best path overall.</summary>
    public float Extra;
}

/// <summary>A hypothesis: a graph state after a frame. Its links are two runs of <see cref="TokenStore.Links"/>.</summary>
internal struct Token
{
    public int State;

    /// <summary>The token that the best path to here comes from (<see cref="TokenStore.BackTo"/>).</summary>
    public int Back;

    public int EmittingBegin;
    public int EmittingEnd;
    public int EpsilonBegin;
    public int EpsilonEnd;
}

/// <summary>A step from one token to another along an arc of the graph.</summary>
internal struct Link
{
    /// <summary>The number of the token that it leads to: of the next frame for an emitting arc, else of the same.</summary>
    public int Target;

    /// <summary>The arc's index in the graph.</summary>
    public int Arc;

    public float Graph;
    public float Acoustic;
}

/// <summary>The tokens of one frame, in the order of their making.</summary>
internal struct TokenFrame
{
    /// <summary>The index of its first token; a token's number counts from here.</summary>
    public int First;

    /// <summary>The index from which its links lie.</summary>
    public int FirstLink;

    /// <summary>True when tokens of the next frame have changed since the links were pruned.</summary>
    public bool IsStale;
}

/// <summary>
/// All tokens and links of an utterance in arrays, frame after frame. New ones are added at the end; pruned ones leave when a frame
/// is compacted, so that passes over frames read memory in order.
/// </summary>
internal sealed class TokenStore
{
    /// <summary>The value of <see cref="Token.Back"/> of the start.</summary>
    public const int NoBack = -1;

    public TokenCost[] Costs = new TokenCost[4096];
    public Token[] Tokens = new Token[4096];
    public Link[] Links = new Link[8192];
    private TokenFrame[] _frames = new TokenFrame[1024];
    private int _frameCount;

    /// <summary>Gets the number of frames begun, the start's included.</summary>
    public int FrameCount => _frameCount;

    /// <summary>Gets the number of tokens of all frames.</summary>
    public int TokenCount { get; private set; }

    /// <summary>Gets the number of links of all frames, with those that are not in use.</summary>
    public int LinkCount { get; private set; }

    /// <summary>The value of <see cref="Token.Back"/> for a token of the frame before or the same frame.</summary>
    public static int BackTo(int token, bool sameFrame) => (token << 1) | (sameFrame ? 1 : 0);

    public void Clear() => (_frameCount, TokenCount, LinkCount) = (0, 0, 0);

    /// <summary>A frame, by the number of frames before it.</summary>
    public ref TokenFrame Frame(int frame) => ref _frames[frame];

    /// <summary>The index behind a frame's last token.</summary>
    public int End(int frame) => frame + 1 < _frameCount ? _frames[frame + 1].First : TokenCount;

    /// <summary>The number of tokens of a frame.</summary>
    public int CountOf(int frame) => End(frame) - _frames[frame].First;

    /// <summary>The index behind a frame's last link.</summary>
    public int LinkEnd(int frame) => frame + 1 < _frameCount ? _frames[frame + 1].FirstLink : LinkCount;

    /// <summary>Begins a frame; its tokens and the emitting links to them come next.</summary>
    public void BeginFrame()
    {
        if (_frameCount == _frames.Length)
            Array.Resize(ref _frames, 2 * _frameCount);

        _frames[_frameCount++] = new TokenFrame { First = TokenCount, FirstLink = LinkCount, IsStale = true };
    }

    /// <summary>Lets the links of the newest frame begin here, behind those that lead to it.</summary>
    public void BeginLinks() => _frames[_frameCount - 1].FirstLink = LinkCount;

    /// <summary>Makes room, so that the arrays stay the same for some additions.</summary>
    /// <param name="count">The greatest number of new tokens, and of new links.</param>
    public void Reserve(int count)
    {
        if (TokenCount + count > Tokens.Length)
        {
            var size = Math.Max(2 * Tokens.Length, TokenCount + count);
            Array.Resize(ref Tokens, size);
            Array.Resize(ref Costs, size);
        }

        if (LinkCount + count > Links.Length)
            Array.Resize(ref Links, Math.Max(2 * Links.Length, LinkCount + count));
    }

    /// <summary>Adds a token to the newest frame; there must be room.</summary>
    public void AddToken(float cost, int state, int back)
    {
        Costs[TokenCount] = new TokenCost { Cost = cost };
        Tokens[TokenCount++] = new Token { State = state, Back = back };
    }

    /// <summary>Adds a link at the end; there must be room.</summary>
    public void AddLink(int target, int arc, float graph, float acoustic) =>
        Links[LinkCount++] = new Link { Target = target, Arc = arc, Graph = graph, Acoustic = acoustic };

    /// <summary>Sets the ends after a compaction.</summary>
    public void Shrink(int tokenCount, int linkCount) => (TokenCount, LinkCount) = (tokenCount, linkCount);
}
