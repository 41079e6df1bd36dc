namespace Mimir.Dist.Data.Caching;

/// <summary>A corpus in a folder, such as one that all machines share.</summary>
/// <param name="folder">The folder.</param>
public sealed class FolderSource(string folder) : ICorpusSource
{
    /// <inheritdoc/>
    public string NameOf(string path) => Path.Combine(folder, path);

    /// <inheritdoc/>
    public Task<SourceContent> OpenAsync(string path, long offset, string? version, CancellationToken cancellation)
    {
        var name = NameOf(path);
        try
        {
            var file = new FileStream(
                name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true);
            var now = FormattableString.Invariant($"{file.Length}-{File.GetLastWriteTimeUtc(name).Ticks}");
            if (now != version)
                offset = 0;

            file.Seek(offset, SeekOrigin.Begin);
            return Task.FromResult(new SourceContent(file, file) { Offset = offset, Length = file.Length, Version = now });
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceException(
                $"{name}: no such file; is the shared folder mounted, and its manifest of this corpus?", passing: false, error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SourceException($"{name}: may not be read: {error.Message}", passing: false, error);
        }
        catch (IOException error)
        {
            throw new SourceException($"{name}: could not be read: {error.Message}", passing: true, error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }
}
