using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>A kind of value in a recipe, whatever its type.</summary>
internal abstract class ValueKind
{
    /// <summary>Gets what a value looks like, for messages (<c>expected …</c>) and for the reference.</summary>
    public abstract string Description { get; }

    /// <summary>The pages of the reference for the sections inside such a value.</summary>
    public virtual IEnumerable<ReferencePage> Pages(string path, string summary) => [];

    /// <summary>Lays a later value over an earlier one: maps key by key, everything else as a whole.</summary>
    public virtual RecipeNode Merge(RecipeNode below, RecipeNode above) => above;

    /// <summary>The JSON schema of such a value.</summary>
    public abstract JsonObject Schema();
}

/// <summary>A kind of value: how it is read, written and described.</summary>
/// <typeparam name="T">The type of the value in the typed recipe.</typeparam>
internal abstract class ValueKind<T> : ValueKind
{
    /// <summary>Reads a value; a problem goes to the context and <paramref name="fallback"/> comes back.</summary>
    public abstract T Read(RecipeNode node, string path, T fallback, BindContext context);

    /// <summary>Turns a value back into a node, or null when there is nothing to write.</summary>
    public abstract RecipeNode? Write(T value, string path, IReadOnlyDictionary<string, ValueOrigin> origins);

    /// <summary>Reports that a node is not such a value.</summary>
    protected T Refuse(RecipeNode node, string path, T fallback, BindContext context)
    {
        context.Fail(node.Origin, path, $"'{path}': expected {Description}, got {context.Describe(node)}");
        return fallback;
    }

    /// <summary>The origin of the value at a path.</summary>
    protected static ValueOrigin OriginOf(IReadOnlyDictionary<string, ValueOrigin> origins, string path) =>
        origins.GetValueOrDefault(path, ValueOrigin.Default);
}
