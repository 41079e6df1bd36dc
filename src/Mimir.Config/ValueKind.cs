using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>A kind of value in a file: how it is read, written, merged and described.</summary>
/// <remarks>
/// The kind of an option follows from the type of its property and the range in its attribute. A value of another form derives
/// from this class, or from <see cref="ScalarKind{T}"/> or <see cref="TextKind"/>, and its property names it with
/// <see cref="ValueKindAttribute{TKind}"/>.
/// </remarks>
public abstract class ValueKind
{
    /// <summary>Gets the type of the value.</summary>
    public abstract Type Type { get; }

    /// <summary>Gets the words for a value, for messages (<c>expected …</c>) and references.</summary>
    public abstract string Description { get; }

    /// <summary>Reads a value; a problem goes to the context, and <paramref name="fallback"/> comes back.</summary>
    /// <param name="node">The value in the file.</param>
    /// <param name="path">The key, with dots.</param>
    /// <param name="fallback">The value that keys which are not in the file keep.</param>
    /// <param name="context">Takes problems and origins.</param>
    public abstract object? Read(YamlNode node, string path, object? fallback, BindContext context);

    /// <summary>Turns a value back into a node; null when there is nothing to write.</summary>
    /// <param name="value">A value of <see cref="Type"/>.</param>
    /// <param name="path">The key, with dots.</param>
    /// <param name="origins">The origins of the values by path.</param>
    public abstract YamlNode? Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins);

    /// <summary>Lays a later value over an earlier one: maps key by key, everything else as a whole.</summary>
    /// <param name="below">The earlier value.</param>
    /// <param name="above">The later value.</param>
    public virtual YamlNode Merge(YamlNode below, YamlNode above) => above;

    /// <summary>The JSON schema of a value.</summary>
    public abstract JsonObject Schema();

    /// <summary>The pages of the reference for the sections inside a value.</summary>
    /// <param name="path">The key, with dots.</param>
    /// <param name="summary">The meaning of the value.</param>
    public virtual IEnumerable<ReferencePage> Pages(string path, string summary) => [];

    /// <summary>Reports that a node is not such a value, and gives the fallback back.</summary>
    /// <param name="node">The node.</param>
    /// <param name="path">The key, with dots.</param>
    /// <param name="fallback">The value to go on with.</param>
    /// <param name="context">Takes the problem.</param>
    protected object? Refuse(YamlNode node, string path, object? fallback, BindContext context)
    {
        context.Fail(node.Origin, path, $"'{path}': expected {Description}, got {context.Describe(node)}");
        return fallback;
    }

    /// <summary>The origin of the value at a path.</summary>
    /// <param name="origins">The origins by path.</param>
    /// <param name="path">The key, with dots.</param>
    protected static ValueOrigin OriginOf(IReadOnlyDictionary<string, ValueOrigin> origins, string path) =>
        origins.GetValueOrDefault(path, ValueOrigin.Default);
}

/// <summary>Names the kind of an option's value, or of the items of its list or map.</summary>
/// <typeparam name="TKind">The kind.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValueKindAttribute<TKind> : ValueKindAttribute
    where TKind : ValueKind, new()
{
    /// <inheritdoc/>
    internal override ValueKind Kind { get; } = new TKind();
}

/// <summary>The base of <see cref="ValueKindAttribute{TKind}"/>.</summary>
public abstract class ValueKindAttribute : Attribute
{
    /// <summary>Gets the kind.</summary>
    internal abstract ValueKind Kind { get; }
}

/// <summary>
/// Marks the property of a record that takes every key which is none of its options, each as text: an
/// <see cref="IReadOnlyDictionary{TKey, TValue}"/> of strings. Its XML summary describes such a key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OtherKeysAttribute : Attribute;
