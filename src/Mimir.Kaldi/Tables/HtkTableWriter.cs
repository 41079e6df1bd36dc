using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// Writes tables whose values are HTK feature files. Disposing puts the archive in place with all that was written;
/// <see cref="Discard"/> leaves nothing.
/// </summary>
public sealed class HtkTableWriter : ITableWriter
{
    private readonly ArchiveWriter _archive;

    /// <summary>Opens a table to write.</summary>
    /// <param name="wspecifier">For example <c>ark:FILE</c>, <c>scp:FILE</c>; see <see cref="Wspecifier"/>.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="InputException">The specifier is malformed or asks for text, which HTK has not.</exception>
    /// <exception cref="IOException">A file cannot be made.</exception>
    public HtkTableWriter(string wspecifier, KaldiIoOptions? options = null)
    {
        if (!Wspecifier.Parse(wspecifier).Binary)
            throw new InputException($"'{wspecifier}': HTK features are binary; leave the option t out.");

        _archive = new ArchiveWriter(wspecifier, options);
    }

    /// <summary>Adds a value.</summary>
    /// <param name="key">One word.</param>
    /// <param name="value">The features.</param>
    /// <param name="header">What the file says of them.</param>
    /// <exception cref="IOException">The disk is full; nothing of the archive is left.</exception>
    public void Write(string key, FloatMatrix value, HtkHeader header) =>
        _archive.Write(key, writer => HtkFormat.Write(writer, value, header), marked: false);

    /// <summary>Leaves no archive, after a failure.</summary>
    public void Discard() => _archive.Discard();

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();
}
