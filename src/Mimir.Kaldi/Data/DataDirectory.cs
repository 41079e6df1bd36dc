using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Data;

/// <summary>One utterance of a data directory.</summary>
/// <param name="Id">The utterance's name.</param>
/// <param name="Speaker">The speaker; the utterance's own name when the directory does not name one.</param>
/// <param name="Audio">The extended file name of the recording, resolved against the root; a shell command ends with <c>|</c>.
/// Empty when the directory has features alone.</param>
/// <param name="Start">The start in the recording, in seconds; null for a whole recording.</param>
/// <param name="End">The end in the recording, in seconds; null for its end.</param>
/// <param name="Text">The words, or null when the directory has no <c>text</c>.</param>
public sealed record Utterance(string Id, string Speaker, string Audio, double? Start, double? End, string? Text)
{
    /// <summary>Gets the name of the recording, which is the utterance's own without <c>segments</c>.</summary>
    public string Recording { get; init; } = Id;

    /// <summary>Gets the channel of the recording that <c>segments</c> names, from 0; null when it names none.</summary>
    public int? Channel { get; init; }
}

/// <summary>
/// A Kaldi data directory: <c>wav.scp</c> or <c>feats.scp</c>, and where they are present <c>segments</c>, <c>utt2spk</c>,
/// <c>spk2utt</c>, <c>spk2gender</c> and <c>text</c>. The files must agree with each other; their order does not matter.
/// </summary>
/// <remarks>
/// The command <c>flac -c -d -s PATH |</c> in <c>wav.scp</c> stands for PATH, which is decoded without a process. Other commands
/// stay as they are and run only where pipes are allowed.
/// </remarks>
public sealed class DataDirectory
{
    private DataDirectory(IReadOnlyList<Utterance> utterances, IReadOnlyDictionary<string, string> genders)
    {
        Utterances = utterances;
        Genders = genders;
    }

    /// <summary>Gets the utterances in the order of <c>segments</c>, or else <c>wav.scp</c>, or else <c>feats.scp</c>.</summary>
    public IReadOnlyList<Utterance> Utterances { get; }

    /// <summary>Gets the gender (m or f) of each speaker in <c>spk2gender</c>; empty without that file.</summary>
    public IReadOnlyDictionary<string, string> Genders { get; }

    /// <summary>Reads a data directory.</summary>
    /// <param name="path">The directory, or a manifest of lhotse: cuts or supervisions, <c>.jsonl</c> or <c>.jsonl.gz</c>.</param>
    /// <param name="root">The folder of relative audio paths; null for the current directory, as in Kaldi.</param>
    /// <param name="subset">The utterances to take, or null for all; the directory's order is kept.</param>
    /// <param name="encoding">The encoding of its files; null for UTF-8.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">The directory has neither audio nor features.</exception>
    /// <exception cref="InputException">A line is malformed, a key comes twice, or two files disagree.</exception>
    public static DataDirectory Load(
        string path, string? root = null, IReadOnlyCollection<string>? subset = null, Encoding? encoding = null)
    {
        if (LhotseManifest.IsOne(path))
            return new DataDirectory(Take(LhotseManifest.Read(path, root), subset, path), new Dictionary<string, string>());

        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"{path}: no such data directory.");

        var wav = KeyedLines.ReadIfPresent(path, "wav.scp", encoding);
        var segments = KeyedLines.ReadIfPresent(path, "segments", encoding);
        var list = segments ?? wav ?? KeyedLines.ReadIfPresent(path, "feats.scp", encoding)
            ?? throw new FileNotFoundException($"{path}: a data directory has wav.scp or feats.scp, this one has neither.", path);
        var speakers = SpeakerMap.Read(path, encoding);
        var text = KeyedLines.ReadIfPresent(path, "text", encoding);
        speakers?.RequireUtterancesIn(list.Contains, list.FilePath);
        text?.RequireKeysIn(list.Contains, "utterance", list.FilePath);

        var utterances = new List<Utterance>(list.Keys.Count);
        foreach (var id in list.Keys)
        {
            var speaker = speakers is null ? id
                : speakers.SpeakerOf(id) ?? throw list.Error(id, $"utterance '{id}' has no speaker in {speakers.FilePath}.");
            string? words = null;
            if (text is not null)
                words = text.TryGet(id, out var line) ? line : throw list.Error(id, $"utterance '{id}' has no line in {text.FilePath}.");

            var whole = new Utterance(id, speaker, wav is null ? "" : Audio(wav, id, root), null, null, words);
            utterances.Add(segments is null ? whole : Segment(whole, segments, wav, root));
        }

        return new DataDirectory(Take(utterances, subset, list.FilePath), ReadGenders(path, encoding));
    }

    /// <summary>True for what <see cref="Load"/> reads that is a file and not a folder.</summary>
    /// <param name="path">The name.</param>
    public static bool IsManifest(string path) => LhotseManifest.IsOne(path);

    /// <summary>Reads a list of utterances: the first word of each line.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<string> ReadList(string path) => [.. ScriptFile.ReadLines(path).Select(line => line.Key)];

    private static string Audio(KeyedLines wav, string recording, string? root)
    {
        if (!wav.TryGet(recording, out var rxfilename))
            return "";
        if (rxfilename.Length == 0)
            throw wav.Error(recording, $"expected 'recording path', got '{recording}' alone.");

        return AudioName.Resolve(rxfilename, root);
    }

    private static Utterance Segment(Utterance utterance, KeyedLines segments, KeyedLines? wav, string? root)
    {
        segments.TryGet(utterance.Id, out var text);
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (3 or 4)
            || !TryParse(fields[1], out var start)
            || !TryParse(fields[2], out var end)
            || start < 0 || (end <= start && end != -1))
            throw segments.Error(utterance.Id, $"expected 'utterance recording start end' in seconds, got '{utterance.Id} {text}'.");

        int? channel = null;
        if (fields.Length == 4)
        {
            channel = int.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw segments.Error(utterance.Id, $"expected a channel, got '{fields[3]}'.");
        }

        if (wav is not null && !wav.Contains(fields[0]))
            throw segments.Error(utterance.Id, $"recording '{fields[0]}' is not in {wav.FilePath}.");

        return utterance with
        {
            Recording = fields[0],
            Audio = wav is null ? "" : Audio(wav, fields[0], root),
            Start = start,
            End = end < 0 ? null : end,
            Channel = channel,
        };
    }

    private static bool TryParse(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds);

    private static List<Utterance> Take(List<Utterance> utterances, IReadOnlyCollection<string>? subset, string file)
    {
        if (subset is null)
            return utterances;

        var wanted = subset.ToHashSet();
        var taken = utterances.Where(utterance => wanted.Remove(utterance.Id)).ToList();
        return wanted.Count == 0
            ? taken
            : throw new InputException($"{file}: utterance '{wanted.First()}' of the list is not there ({wanted.Count} are missing).");
    }

    private static Dictionary<string, string> ReadGenders(string path, Encoding? encoding)
    {
        var lines = KeyedLines.ReadIfPresent(path, "spk2gender", encoding);
        var genders = new Dictionary<string, string>();
        foreach (var speaker in lines?.Keys ?? [])
        {
            if (lines is not null && lines.TryGet(speaker, out var gender))
                genders[speaker] = gender is "m" or "f" ? gender : throw lines.Error(speaker, $"expected m or f, got '{gender}'.");
        }

        return genders;
    }
}
