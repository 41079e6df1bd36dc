using Mimir.Base;
namespace Mimir.Kaldi.Tables;

/// <summary>
/// Writes tables of single numbers in double precision, as durations are. Disposing puts the archive in place with all that was written; <see cref="Discard"/>
/// leaves nothing.
/// </summary>
public sealed class DoubleTableWriter : ITableWriter
{
    private readonly ArchiveWriter _archive;

    /// <summary>Opens a table to write.</summary>
    /// <param name="wspecifier">For example <c>ark:FILE</c>, <c>ark,t:-</c>, <c>ark,scp:FILE,FILE</c>; see <see cref="Wspecifier"/>.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="InputException">The specifier is malformed.</exception>
    /// <exception cref="IOException">A file cannot be made.</exception>
    public DoubleTableWriter(string wspecifier, KaldiIoOptions? options = null) =>
        _archive = new ArchiveWriter(wspecifier, options);

    /// <summary>Adds a value.</summary>
    /// <param name="key">One word.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="IOException">The disk is full; nothing of the archive is left.</exception>
    public void Write(string key, double value) => _archive.Write(key, writer =>
    {
        writer.WriteDouble(value);
        writer.WriteNewLine();
    });

    /// <summary>Leaves no archive, after a failure.</summary>
    public void Discard() => _archive.Discard();

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();
}
