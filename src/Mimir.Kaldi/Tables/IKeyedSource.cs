using System.Diagnostics.CodeAnalysis;

namespace Mimir.Kaldi.Tables;

/// <summary>Where the values of a <see cref="RandomAccessTable{T}"/> come from.</summary>
internal interface IKeyedSource<T> : IDisposable
{
    bool TryGet(string key, [MaybeNullWhen(false)] out T value);
}
