namespace Mimir.Config;

/// <summary>A piece of YAML that knows where it comes from.</summary>
/// <param name="Origin">The place of its first character.</param>
internal abstract record RecipeNode(ValueOrigin Origin)
{
    /// <summary>Gets whether the node says "nothing": an empty value, <c>~</c> or <c>null</c>.</summary>
    public virtual bool IsNull => false;

    /// <summary>What an error message calls the node.</summary>
    public abstract string Describe();
}

/// <summary>A single value; variables in it are placeholders until it is bound.</summary>
internal sealed record ScalarNode(string Text, bool Plain, ValueOrigin Origin) : RecipeNode(Origin)
{
    public override bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Describe() => IsNull ? "nothing" : $"'{Text}'";
}

/// <summary>Values by key, in the order of the file.</summary>
internal sealed record MapNode(IReadOnlyList<MapEntry> Entries, ValueOrigin Origin) : RecipeNode(Origin)
{
    public RecipeNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    public override string Describe() =>
        Entries.Count == 0 ? "an empty map" : $"the key{(Entries.Count > 1 ? "s" : "")} {Keys()}";

    private string Keys() => string.Join(", ", Entries.Select(entry => $"'{entry.Key}'"));
}

/// <summary>A key with its value.</summary>
internal sealed record MapEntry(string Key, ValueOrigin Origin, RecipeNode Value);

/// <summary>Values in order.</summary>
internal sealed record ListNode(IReadOnlyList<RecipeNode> Items, ValueOrigin Origin) : RecipeNode(Origin)
{
    public override string Describe() => $"a list of {Items.Count}";
}
