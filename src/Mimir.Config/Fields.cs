using System.Collections;

namespace Mimir.Config;

/// <summary>The keys of a section, written as a table.</summary>
internal sealed class Fields<TOwner> : IEnumerable<Field<TOwner>>
{
    private readonly List<Field<TOwner>> _fields = [];

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key in the file.</param>
    /// <param name="get">Takes the value out of the section.</param>
    /// <param name="with">Makes a section with another value.</param>
    /// <param name="kind">The kind of value.</param>
    /// <param name="summary">What it means, with its unit.</param>
    /// <param name="required">Whether a section without it is an error.</param>
    public void Add<T>(
        string key, Func<TOwner, T> get, Func<TOwner, T, TOwner> with, ValueKind<T> kind, string summary, bool required = false) =>
        _fields.Add(new Field<TOwner, T>(key, get, with, kind, summary, required));

    /// <summary>Adds a key that other sections have too.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Takes the value out of the section.</param>
    /// <param name="with">Makes a section with another value.</param>
    public void Add<T>(Key<T> key, Func<TOwner, T> get, Func<TOwner, T, TOwner> with) => Add(key.Name, get, with, key.Kind, key.Summary);

    public IEnumerator<Field<TOwner>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
