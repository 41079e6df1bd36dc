using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// A table that is asked for objects by key. The objects of a script are read when they are asked for. An archive is read forward
/// as far as is needed, and objects on the way are kept. Options of the specifier save memory: <c>o</c> drops an object once it was
/// asked for, <c>s</c> stops where a sorted archive has passed the key, and <c>s,cs</c> keeps nothing because the keys are asked for
/// in sorted order as well. With <c>p</c> a damaged or missing object counts as absent.
/// </summary>
/// <typeparam name="T">The type of an object.</typeparam>
/// <remarks>
/// An object belongs to the table, which may return it again: change a copy. Keys are sorted as <c>LC_ALL=C sort</c> does. Not safe
/// for use by several threads at a time.
/// </remarks>
public sealed class RandomAccessTable<T> : IDisposable
{
    private readonly IKeyedSource<T> _source;

    internal RandomAccessTable(IKeyedSource<T> source) => _source = source;

    /// <summary>Finds the object of a key.</summary>
    /// <param name="key">The utterance or speaker.</param>
    /// <param name="value">Its object.</param>
    /// <returns>True when the table has it.</returns>
    /// <exception cref="FileNotFoundException">A script names a file that is missing.</exception>
    /// <exception cref="InputException">The data is malformed, a key comes twice, or keys are not sorted although an
    /// option says so; the message names the place.</exception>
    public bool TryGet(string key, [MaybeNullWhen(false)] out T value) => _source.TryGet(key, out value);

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}

/// <summary>The origin of the objects of a <see cref="RandomAccessTable{T}"/>.</summary>
internal interface IKeyedSource<T> : IDisposable
{
    bool TryGet(string key, [MaybeNullWhen(false)] out T value);
}

/// <summary>A table of speakers that is asked for utterances.</summary>
internal sealed class MappedSource<T>(RandomAccessTable<T> values, RandomAccessTable<string[]> speakers, string map) : IKeyedSource<T>
{
    public bool TryGet(string key, [MaybeNullWhen(false)] out T value)
    {
        if (!speakers.TryGet(key, out var words))
            throw new InputException($"{map}: expected a speaker for '{key}', which the map does not have.");
        if (words.Length != 1)
            throw new InputException($"{map}: expected one speaker for '{key}', got {words.Length}.");

        return values.TryGet(words[0], out value);
    }

    public void Dispose()
    {
        values.Dispose();
        speakers.Dispose();
    }
}

/// <summary>Orders keys by their bytes in UTF-8, as Kaldi and <c>LC_ALL=C sort</c> do.</summary>
internal sealed class KeyOrder : IComparer<string>
{
    public static KeyOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);

        var (a, b) = (left[common], right[common]);

        // UTF-16 surrogates stand for characters after all others, although U+E000 to U+FFFF have greater code units.
        return char.IsSurrogate(a) != char.IsSurrogate(b) ? char.IsSurrogate(a).CompareTo(char.IsSurrogate(b)) : a.CompareTo(b);
    }
}
