namespace Mimir.Dist.Data.Caching;

/// <summary>The place of a corpus: a shared folder or a web server.</summary>
public interface ICorpusSource : IDisposable
{
    /// <summary>The full name of a file, for messages and for the notes of the cache.</summary>
    /// <param name="path">The file's path in the corpus, with slashes.</param>
    string NameOf(string path);

    /// <summary>Opens a file from some byte on.</summary>
    /// <param name="path">The file's path in the corpus, with slashes.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="version">The version whose bytes are there up to <paramref name="offset"/>; null when that is 0.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The content from that byte on, or from byte 0 when the file is another one now or the source knows no ranges.</returns>
    /// <exception cref="SourceException">It cannot be opened; <see cref="SourceException.Passing"/> is true when a later try makes
    /// sense.</exception>
    Task<SourceContent> OpenAsync(string path, long offset, string? version, CancellationToken cancellation);
}

/// <summary>A file of a source, open for reading.</summary>
/// <param name="owner">Disposed of with this.</param>
/// <param name="stream">The bytes from <see cref="Offset"/> on.</param>
public sealed class SourceContent(IDisposable owner, Stream stream) : IDisposable
{
    /// <summary>Gets the bytes.</summary>
    public Stream Stream => stream;

    /// <summary>Gets the first byte's place in the file.</summary>
    public required long Offset { get; init; }

    /// <summary>Gets the length of the whole file.</summary>
    public required long Length { get; init; }

    /// <summary>Gets a text that changes with the file; null when the source has none, so that nothing can be resumed.</summary>
    public required string? Version { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        owner.Dispose();
    }
}

/// <summary>The error when a source does not give a file.</summary>
/// <param name="message">One line with the file's full name and the remedy.</param>
/// <param name="passing">True when a later try may succeed.</param>
/// <param name="inner">The system's error, or null.</param>
public sealed class SourceException(string message, bool passing, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>True when a later try may succeed.</summary>
    public bool Passing { get; } = passing;

    /// <summary>Gets the wait that the source asks for before the next try, or null.</summary>
    public TimeSpan? Wait { get; init; }
}
