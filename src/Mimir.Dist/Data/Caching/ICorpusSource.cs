namespace Mimir.Dist.Data.Caching;

/// <summary>Where the files of a corpus lie: a shared folder or a web server.</summary>
public interface ICorpusSource : IDisposable
{
    /// <summary>The full name of a file, for messages and for the notes of the cache.</summary>
    /// <param name="path">The file's path in the corpus, with slashes.</param>
    string NameOf(string path);

    /// <summary>Opens a file from some byte on.</summary>
    /// <param name="path">The file's path in the corpus, with slashes.</param>
    /// <param name="offset">The first byte that is wanted.</param>
    /// <param name="version">The version whose bytes are there up to <paramref name="offset"/>; null when that is 0.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The content from that byte on, or from byte 0 when the file is another one now or the source knows no ranges.</returns>
    /// <exception cref="SourceException">It cannot be opened; says whether a later try makes sense.</exception>
    Task<SourceContent> OpenAsync(string path, long offset, string? version, CancellationToken cancellation);
}
