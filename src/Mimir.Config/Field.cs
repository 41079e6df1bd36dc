namespace Mimir.Config;

/// <summary>A key of a section: what it is called, what it means, and where its value lives in the typed recipe.</summary>
/// <param name="Key">The key in the file.</param>
/// <param name="Summary">What it means, with its unit.</param>
/// <param name="Required">Whether a section without it is an error.</param>
internal abstract record Field<TOwner>(string Key, string Summary, bool Required)
{
    /// <summary>Gets the kind of its value.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>Reads the value and gives back the section with it.</summary>
    public abstract TOwner Read(TOwner owner, RecipeNode node, string path, BindContext context);

    /// <summary>Turns the section's value back into a node, or null when there is nothing to write.</summary>
    public abstract RecipeNode? Write(TOwner owner, string path, IReadOnlyDictionary<string, ValueOrigin> origins);
}

/// <summary>A key of a section with a value of type <typeparamref name="T"/>.</summary>
/// <param name="Key">The key in the file.</param>
/// <param name="Get">Takes the value out of the section.</param>
/// <param name="With">Makes a section with another value.</param>
/// <param name="Type">The kind of value.</param>
/// <param name="Summary">What it means, with its unit.</param>
/// <param name="Required">Whether a section without it is an error.</param>
internal sealed record Field<TOwner, T>(
    string Key, Func<TOwner, T> Get, Func<TOwner, T, TOwner> With, ValueKind<T> Type, string Summary, bool Required = false)
    : Field<TOwner>(Key, Summary, Required)
{
    public override ValueKind Kind => Type;

    public override TOwner Read(TOwner owner, RecipeNode node, string path, BindContext context) =>
        With(owner, Type.Read(node, path, Get(owner), context));

    public override RecipeNode? Write(TOwner owner, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        Type.Write(Get(owner), path, origins);
}

/// <summary>Where a section keeps the keys that the table does not name, each as text.</summary>
/// <param name="Get">Takes them out of the section.</param>
/// <param name="With">Makes a section with others.</param>
/// <param name="Summary">What they are.</param>
internal sealed record RestField<TOwner>(
    Func<TOwner, IReadOnlyDictionary<string, string>> Get,
    Func<TOwner, IReadOnlyDictionary<string, string>, TOwner> With,
    string Summary);
