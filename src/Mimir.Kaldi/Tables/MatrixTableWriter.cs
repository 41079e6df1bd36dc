using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// Writes tables of float matrices. Disposing puts the archive in place with all that was written; <see cref="Discard"/> leaves nothing.
/// </summary>
public sealed class MatrixTableWriter : ITableWriter
{
    private readonly ArchiveWriter _archive;

    /// <summary>Opens a table to write.</summary>
    /// <param name="wspecifier">For example <c>ark:FILE</c>, <c>ark,t:-</c>, <c>ark,scp:FILE,FILE</c>; see <see cref="Wspecifier"/>.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="InputException">The specifier is malformed.</exception>
    /// <exception cref="IOException">A file cannot be made.</exception>
    public MatrixTableWriter(string wspecifier, KaldiIoOptions? options = null) =>
        _archive = new ArchiveWriter(wspecifier, options);

    /// <summary>Gets how matrices are compressed, with loss; null, the default, keeps them as they are.</summary>
    public CompressionMethod? Compression { get; init; }

    /// <summary>Adds a value.</summary>
    /// <param name="key">One word.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="IOException">The disk is full; nothing of the archive is left.</exception>
    public void Write(string key, FloatMatrix value) =>
        _archive.Write(key, writer =>
        {
            if (Compression is { } method)
                writer.WriteCompressed(value, method);
            else
                writer.WriteMatrix(value);
        });

    /// <summary>Leaves no archive, after a failure.</summary>
    public void Discard() => _archive.Discard();

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();
}
