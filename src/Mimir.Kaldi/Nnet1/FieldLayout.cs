namespace Mimir.Kaldi.Nnet1;

/// <summary>How files hold a field of a component.</summary>
/// <param name="Name">Its token without angle brackets.</param>
/// <param name="Kind">Its type.</param>
internal sealed record FieldLayout(string Name, FieldKind Kind)
{
    /// <summary>Gets whether the token stands before the value; without it, the place tells the field.</summary>
    public bool Marked { get; init; } = true;

    /// <summary>Gets what a file without the field means, or null where it must be there.</summary>
    public NnetField? Default { get; init; }

    /// <summary>Gets what text files have between the token and the value.</summary>
    public string AfterToken { get; init; } = "";

    /// <summary>Gets what text files have after the value.</summary>
    public string AfterValue { get; init; } = "";

    /// <summary>Gets the token before each of several networks, without angle brackets.</summary>
    public string Item { get; init; } = "";

    /// <summary>Gets the token after the last of several networks, without angle brackets, or nothing.</summary>
    public string End { get; init; } = "";
}
