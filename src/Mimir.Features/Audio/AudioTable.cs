using Mimir.Features.Tables;

namespace Mimir.Features.Audio;

/// <summary>Reads tables of recordings: a script that names audio files, or an archive that holds WAVs.</summary>
public static class AudioTable
{
    /// <summary>Reads a table in its own order.</summary>
    /// <param name="rspecifier"><c>scp:FILE</c> or <c>ark:FILE</c>.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <returns>The entries; those of a script are decoded when <see cref="AudioEntry.Load"/> is called.</returns>
    /// <exception cref="FileNotFoundException">The script or archive is missing.</exception>
    /// <exception cref="FormatException">The specifier or the data is malformed; the message names the
    /// place.</exception>
    public static IEnumerable<AudioEntry> Read(string rspecifier, KaldiIoOptions? io = null)
    {
        var table = Rspecifier.Parse(rspecifier);
        return table.IsScript
            ? ScriptFile.Read(table.Target, io).Select(entry => new AudioEntry(entry.Key, () => Load(table, entry, io)))
            : TableReader.Read(rspecifier, io, static (reader, _) => WaveObject.Read(reader))
                .Select(entry => new AudioEntry(entry.Key, () => entry.Value));
    }

    private static AudioClip Load(Rspecifier table, ScriptEntry entry, KaldiIoOptions? io)
    {
        try
        {
            return AudioInput.Read(entry.Rxfilename, io: io);
        }
        catch (FormatException failure)
        {
            throw new FormatException($"{table.Target}:{entry.Line}: {failure.Message}", failure);
        }
        catch (FileNotFoundException failure)
        {
            throw new FileNotFoundException($"{table.Target}:{entry.Line}: {failure.Message}", failure.FileName, failure);
        }
    }
}
