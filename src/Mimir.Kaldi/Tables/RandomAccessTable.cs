using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// A table whose values are asked for by key. A script's objects are read when they are asked for; an archive is read
/// forward as far as is needed, and what was read is kept. Options of the specifier save memory: with <c>o</c> a value
/// is forgotten once it was asked for, with <c>s</c> reading stops where a sorted archive has passed the key, and with
/// <c>s,cs</c> nothing is kept because keys are asked for in sorted order as well. With <c>p</c> a damaged or missing
/// object counts as not there.
/// </summary>
/// <typeparam name="T">What the table holds.</typeparam>
/// <remarks>
/// A value belongs to the table, which may hand it out again: change a copy. Keys are sorted as <c>LC_ALL=C sort</c>
/// does. Not safe for use by several threads at a time.
/// </remarks>
public sealed class RandomAccessTable<T> : IDisposable
{
    private readonly IKeyedSource<T> _source;

    internal RandomAccessTable(IKeyedSource<T> source) => _source = source;

    /// <summary>Finds the value of a key.</summary>
    /// <param name="key">The utterance or speaker.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether the table has it.</returns>
    /// <exception cref="FileNotFoundException">A script names a file that is missing.</exception>
    /// <exception cref="InputException">The data is malformed, a key comes twice, or keys are not sorted although an
    /// option says so; the message names the place.</exception>
    public bool TryGet(string key, [MaybeNullWhen(false)] out T value) => _source.TryGet(key, out value);

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
