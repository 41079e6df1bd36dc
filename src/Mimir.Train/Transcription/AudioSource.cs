using Mimir.Base;
using Mimir.Kaldi.Data;

namespace Mimir.Train.Transcription;

/// <summary>A recording to transcribe.</summary>
/// <param name="Id">Its name in transcripts, without spaces.</param>
/// <param name="Audio">An audio file, an archive with an offset, or <c>-</c> for standard input.</param>
/// <param name="Speaker">Recordings of one speaker share their normalisation.</param>
public sealed record AudioSource(string Id, string Audio, string Speaker)
{
    /// <summary>The name of standard input on a command line.</summary>
    public const string StandardInput = "-";

    /// <summary>Gets the start in the audio, in seconds; null for its beginning.</summary>
    public double? Start { get; init; }

    /// <summary>Gets the end in the audio, in seconds; null for its end.</summary>
    public double? End { get; init; }

    /// <summary>Gets the channel, from 0; null where nothing names one.</summary>
    public int? Channel { get; init; }

    /// <summary>True for an utterance of a data directory, which is not cut.</summary>
    public bool IsUtterance { get; init; }
}

/// <summary>Finds recordings: files, all audio below folders, and the utterances of Kaldi's data directories.</summary>
public static class AudioSources
{
    // What people call audio. What libsndfile does not read among them fails with a line, and is not passed over.
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".sph", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".w64", ".rf64",
        ".m4a", ".mp4", ".aac", ".wma", ".amr", ".webm",
    };

    /// <summary>Finds the recordings that a command line names.</summary>
    /// <param name="names">Files, folders, data directories (folders with a wav.scp), or <c>-</c>.</param>
    /// <param name="sameSpeaker">True when the files of a folder are of one speaker; else each file has its own.</param>
    /// <returns>The recordings in the order of the names, those of a folder by path. A file that does not exist is among them.</returns>
    /// <exception cref="InputException">A folder has no audio, or standard input is named twice.</exception>
    public static IReadOnlyList<AudioSource> Find(IReadOnlyList<string> names, bool sameSpeaker = false)
    {
        if (names.Count(name => name == AudioSource.StandardInput) > 1)
            throw new InputException("standard input (-) can be read once only; name it once.");

        var found = new List<AudioSource>();
        foreach (var name in names)
        {
            if (File.Exists(Path.Combine(name, "wav.scp")))
                found.AddRange(DataDirectory.Load(name).Utterances.Select(Utterance));
            else if (Directory.Exists(name))
                found.AddRange(Folder(name));
            else
                found.Add(name == AudioSource.StandardInput ? new("stdin", name, "") : Recording(name, Path.GetFileName(name)));
        }

        return Unique(found.ConvertAll(source => source.IsUtterance ? source : source with
        {
            Speaker = sameSpeaker ? $"folder {Path.GetDirectoryName(source.Audio)}" : $"file {source.Audio}",
        }));
    }

    private static IEnumerable<AudioSource> Folder(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file)))
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0
            ? files.Select(file => Recording(file, Path.GetRelativePath(folder, file)))
            : throw new InputException($"{folder}: there is no audio in this folder; name one with audio files or a wav.scp.");
    }

    private static AudioSource Recording(string file, string name) => new(Clean(Path.ChangeExtension(name, null)), file, "");

    private static AudioSource Utterance(Utterance utterance) => new(utterance.Id, utterance.Audio, $"speaker {utterance.Speaker}")
    {
        Start = utterance.Start,
        End = utterance.End,
        Channel = utterance.Channel,
        IsUtterance = true,
    };

    // Transcripts part their fields by spaces.
    private static string Clean(string name) =>
        string.Concat(name.Replace('\\', '/').Select(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) ? '_' : letter));

    private static List<AudioSource> Unique(List<AudioSource> sources)
    {
        var counts = sources.CountBy(source => source.Id).ToDictionary(StringComparer.Ordinal);
        var taken = counts.Where(count => count.Value == 1).Select(count => count.Key).ToHashSet(StringComparer.Ordinal);
        return sources.ConvertAll(source => counts[source.Id] == 1 ? source : source with { Id = FreeName(source, taken) });
    }

    // a.wav beside a.flac, or a.wav of two folders.
    private static string FreeName(AudioSource source, HashSet<string> taken)
    {
        var name = Clean($"{source.Id}{Path.GetExtension(source.Audio)}");
        for (var number = 2; !taken.Add(name); number++)
            name = Clean($"{source.Id}-{number}{Path.GetExtension(source.Audio)}");

        return name;
    }
}
