namespace Mimir.Config;

/// <summary>The giver of a value.</summary>
public enum OriginKind
{
    /// <summary>Mimir: the value is a default.</summary>
    Default,

    /// <summary>A file.</summary>
    File,

    /// <summary>A file that refers to a variable of the environment.</summary>
    Environment,

    /// <summary>The command line.</summary>
    Override,
}

/// <summary>The origin of a value.</summary>
/// <param name="Kind">The giver.</param>
/// <param name="Place"><c>file:line</c>, <c>--set key=value</c>, or <c>default</c>.</param>
/// <param name="Note">A remark, such as the variables that the value refers to; or null.</param>
public sealed record ValueOrigin(OriginKind Kind, string Place, string? Note = null)
{
    /// <summary>Gets the origin of a default.</summary>
    public static ValueOrigin Default { get; } = new(OriginKind.Default, "default");

    /// <summary>The place with its note.</summary>
    public override string ToString() => Note is null ? Place : $"{Place}, {Note}";
}

/// <summary>A piece of YAML with its origin.</summary>
/// <param name="Origin">The place of its first character.</param>
public abstract record YamlNode(ValueOrigin Origin)
{
    /// <summary>True for an empty value, <c>~</c> or <c>null</c>.</summary>
    public virtual bool IsNull => false;

    /// <summary>The words for the node in messages.</summary>
    public abstract string Describe();
}

/// <summary>A single value; variables in it are placeholders until it is bound.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Plain">True when it is written without quotes.</param>
/// <param name="Origin">The place of its first character.</param>
public sealed record ScalarNode(string Text, bool Plain, ValueOrigin Origin) : YamlNode(Origin)
{
    /// <inheritdoc/>
    public override bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <inheritdoc/>
    public override string Describe() => IsNull ? "nothing" : $"'{Text}'";
}

/// <summary>Values by key, in the order of the file.</summary>
/// <param name="Entries">The keys with their values.</param>
/// <param name="Origin">The place of its first character.</param>
public sealed record MapNode(IReadOnlyList<MapEntry> Entries, ValueOrigin Origin) : YamlNode(Origin)
{
    /// <summary>The value of a key, or null.</summary>
    /// <param name="key">The key.</param>
    public YamlNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    /// <inheritdoc/>
    public override string Describe() =>
        Entries.Count == 0 ? "an empty map" : $"the key{(Entries.Count > 1 ? "s" : "")} {Keys()}";

    private string Keys() => string.Join(", ", Entries.Select(entry => $"'{entry.Key}'"));
}

/// <summary>A key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Origin">The place of the key.</param>
/// <param name="Value">The value.</param>
public sealed record MapEntry(string Key, ValueOrigin Origin, YamlNode Value);

/// <summary>Values in order.</summary>
/// <param name="Items">The values.</param>
/// <param name="Origin">The place of its first character.</param>
public sealed record ListNode(IReadOnlyList<YamlNode> Items, ValueOrigin Origin) : YamlNode(Origin)
{
    /// <inheritdoc/>
    public override string Describe() => $"a list of {Items.Count}";
}
