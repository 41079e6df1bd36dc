using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Audio;

/// <summary>
/// Writes tables of recordings as 16-bit WAV. Disposing puts the archive in place with all that was written;
/// <see cref="Discard"/> leaves nothing.
/// </summary>
public sealed class WaveTableWriter : ITableWriter
{
    private readonly ArchiveWriter _archive;

    /// <summary>Opens a table to write.</summary>
    /// <param name="wspecifier">For example <c>ark:-</c>, <c>scp:FILE</c>; see <see cref="Wspecifier"/>.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="InputException">The specifier is malformed or asks for text.</exception>
    /// <exception cref="IOException">A file cannot be made.</exception>
    public WaveTableWriter(string wspecifier, KaldiIoOptions? io = null)
    {
        if (!Wspecifier.Parse(wspecifier).Binary)
            throw new InputException($"'{wspecifier}': audio is binary; leave the option t out.");

        _archive = new ArchiveWriter(wspecifier, io);
    }

    /// <summary>Adds a recording.</summary>
    /// <param name="key">One word.</param>
    /// <param name="value">The recording; samples are cut to integers, and to the range of 16 bits.</param>
    /// <exception cref="IOException">The disk is full; nothing of the archive is left.</exception>
    public void Write(string key, AudioClip value) =>
        _archive.Write(key, writer => WaveObject.Write(writer, value), marked: false);

    /// <summary>Leaves no archive, after a failure.</summary>
    public void Discard() => _archive.Discard();

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();
}
