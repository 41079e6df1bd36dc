using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Audio;

/// <summary>Reads tables of recordings: a script that names audio files, or an archive that holds WAVs.</summary>
public static class AudioTable
{
    /// <summary>Reads a table in its own order.</summary>
    /// <param name="rspecifier"><c>scp:FILE</c> or <c>ark:FILE</c>.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <returns>The entries; those of a script are decoded when <see cref="AudioEntry.Load"/> is called.</returns>
    /// <exception cref="FileNotFoundException">The script or archive is missing.</exception>
    /// <exception cref="InputException">The specifier or the data is malformed; the message names the
    /// place.</exception>
    public static IEnumerable<AudioEntry> Read(string rspecifier, KaldiIoOptions? io = null)
    {
        var table = Rspecifier.Parse(rspecifier);
        return table.IsScript
            ? ScriptFile.Read(table.Target, io).Select(entry => Entry(table, entry, io))
            : TableReader.Read(rspecifier, io, static (reader, _) => WaveObject.Read(reader), marked: false)
                .Select(entry => new AudioEntry(entry.Key, () => entry.Value));
    }

    /// <summary>Opens a table to ask it for recordings by key.</summary>
    /// <param name="rspecifier"><c>scp:FILE</c> or <c>ark:FILE</c>.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">The script or archive is missing.</exception>
    /// <exception cref="InputException">The specifier or the script is malformed; the message names the place.</exception>
    public static RandomAccessTable<AudioClip> OpenRandom(string rspecifier, KaldiIoOptions? io = null)
    {
        var table = Rspecifier.Parse(rspecifier);
        io ??= KaldiIoOptions.Default;
        return new RandomAccessTable<AudioClip>(table.IsScript
            ? new ScriptSource<AudioClip>(table, new AudioObjects(table, io), io)
            : new ArchiveSource<AudioClip>(table, io, WaveObject.Read));
    }

    private static AudioEntry Entry(Rspecifier table, ScriptEntry entry, KaldiIoOptions? io) =>
        new(entry.Key, () => At(table, entry, () => AudioInput.Read(entry.Rxfilename, io: io)))
        {
            LoadInfo = () => At(table, entry, () => AudioInput.Info(entry.Rxfilename, io)),
        };

    private static T At<T>(Rspecifier table, ScriptEntry entry, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is InputException or FileNotFoundException)
        {
            throw ScriptFile.At(table.Target, entry, failure);
        }
    }
}
