namespace Mimir.Dist.Data.Caching;

/// <summary>A file of a corpus on the local disk; it stays there until this is disposed of.</summary>
public sealed class CachedFile : IDisposable
{
    private Action? _release;

    internal CachedFile(string path, Action release) => (Path, _release) = (path, release);

    /// <summary>Gets where it lies. It must not be changed.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
