using System.Diagnostics.CodeAnalysis;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Audio;

/// <summary>One recording of a table.</summary>
/// <param name="Key">The utterance or recording.</param>
/// <param name="Load">Decodes it; entries of a script may be decoded on any thread.</param>
public sealed record AudioEntry(string Key, Func<AudioClip> Load)
{
    /// <summary>Gets a function that reads the header alone; null where the recording has to be decoded.</summary>
    public Func<AudioInfo>? LoadInfo { get; init; }
}

/// <summary>Tables of recordings: a script that names audio files, or an archive that holds WAVs.</summary>
public static class AudioTable
{
    /// <summary>
    /// Gets the table of decoded recordings. It writes 16-bit WAV: samples are truncated to integers and clipped.
    /// </summary>
    public static Table<AudioClip> Clips { get; } = new(new ClipHolder());

    /// <summary>Reads a table in its own order and leaves the decoding of a script's files to the caller's threads.</summary>
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
            : Clips.Read(rspecifier, io).Select(entry => new AudioEntry(entry.Key, () => entry.Value));
    }

    private static AudioEntry Entry(Rspecifier table, ScriptEntry entry, KaldiIoOptions? io) =>
        new(entry.Key, () => At(table, entry, () => Clips.ReadOne(entry.Rxfilename, io)))
        {
            LoadInfo = () => At(table, entry, () => AudioInput.Info(entry.Rxfilename, io)),
        };

    private static T At<T>(Rspecifier table, ScriptEntry entry, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is InputException or IOException)
        {
            throw entry.Failure(table.Target, failure);
        }
    }

    /// <summary>A WAV inside an archive, or a file of any format that libsndfile reads.</summary>
    private sealed class ClipHolder : Holder<AudioClip>
    {
        public override bool HasBinaryMarker => false;

        public override bool HasText => false;

        public override AudioClip Read(KaldiReader reader, bool binary) => WaveObject.Read(reader);

        public override void Write(KaldiWriter writer, AudioClip value) => WaveObject.Write(writer, value);

        public override bool TryReadFile(string path, [MaybeNullWhen(false)] out AudioClip value)
        {
            value = SoundFile.Read(path);
            return true;
        }

        public override AudioClip Extract(AudioClip value, ObjectRange range, string rxfilename) =>
            throw new InputException($"{rxfilename}: a range in brackets cannot be taken from audio; use segments.");
    }
}
