namespace Mimir.Dist.Data.Caching;

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

    /// <summary>Gets what changes when the file changes; null when the source cannot tell, so that nothing can be resumed.</summary>
    public required string? Version { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        owner.Dispose();
    }
}
