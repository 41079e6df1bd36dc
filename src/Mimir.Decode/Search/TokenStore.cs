namespace Mimir.Decode.Search;

/// <summary>A hypothesis: a graph state after a frame.</summary>
internal struct Token
{
    /// <summary>The cost of the best path to here.</summary>
    public float Cost;

    /// <summary>The known cost of the best path through this token beyond that of the best path overall.</summary>
    public float Extra;

    public int State;
    public int FirstLink;

    /// <summary>The token that the best path to here comes from, -1 for the start.</summary>
    public int Back;

    /// <summary>The next token of the same frame, or of the free list.</summary>
    public int Next;
}

/// <summary>A step from one token to another along an arc of the graph.</summary>
internal struct Link
{
    public int Target;
    public int Input;
    public int Output;
    public float Graph;
    public float Acoustic;
    public int Next;
}

/// <summary>The tokens of one frame.</summary>
internal struct TokenFrame
{
    public int First;
    public bool PruneLinks;
    public bool PruneTokens;

    public static TokenFrame Empty => new() { First = -1, PruneLinks = true, PruneTokens = true };
}

/// <summary>All tokens and links of an utterance in two arrays with free lists; -1 stands for none.</summary>
internal sealed class TokenStore
{
    public Token[] Tokens = new Token[4096];
    public Link[] Links = new Link[8192];
    private int _tokenCount;
    private int _linkCount;
    private int _freeToken = -1;
    private int _freeLink = -1;

    public void Clear() => (_tokenCount, _linkCount, _freeToken, _freeLink) = (0, 0, -1, -1);

    public int AddToken(float cost, int state, int next)
    {
        var token = _freeToken;
        if (token >= 0)
            _freeToken = Tokens[token].Next;
        else if ((token = _tokenCount++) == Tokens.Length)
            Array.Resize(ref Tokens, 2 * Tokens.Length);

        Tokens[token] = new Token { Cost = cost, State = state, FirstLink = -1, Back = -1, Next = next };
        return token;
    }

    public void AddLink(int source, int target, int input, int output, float graph, float acoustic)
    {
        var link = _freeLink;
        if (link >= 0)
            _freeLink = Links[link].Next;
        else if ((link = _linkCount++) == Links.Length)
            Array.Resize(ref Links, 2 * Links.Length);

        ref var first = ref Tokens[source].FirstLink;
        Links[link] = new Link
        {
            Target = target,
            Input = input,
            Output = output,
            Graph = graph,
            Acoustic = acoustic,
            Next = first,
        };
        first = link;
    }

    public void FreeToken(int token)
    {
        FreeLinks(token);
        Tokens[token].Next = _freeToken;
        _freeToken = token;
    }

    public void FreeLinks(int token)
    {
        for (var link = Tokens[token].FirstLink; link >= 0;)
        {
            var next = Links[link].Next;
            FreeLink(link);
            link = next;
        }

        Tokens[token].FirstLink = -1;
    }

    public void FreeLink(int link)
    {
        Links[link].Next = _freeLink;
        _freeLink = link;
    }
}
