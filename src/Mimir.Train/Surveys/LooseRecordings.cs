using System.Text;
using System.Text.RegularExpressions;
using Mimir.Base;
using Mimir.Base.Text;

namespace Mimir.Train.Surveys;

/// <summary>
/// Recordings and texts that lie in folders without Kaldi's lists: made into a data directory, they are a corpus.
/// </summary>
/// <remarks>
/// The text of a recording is the file of its name with the ending <c>.txt</c> beside it, or a line of another text file:
/// the recording's name, white space or <c>|</c>, and the text. Recordings in several folders have these as speakers; otherwise each
/// is a speaker of its own.
/// </remarks>
public sealed partial class LooseRecordings
{
    private const int MaxFiles = 200_000;
    private static readonly string[] Audio = [".wav", ".flac", ".ogg", ".opus", ".mp3", ".sph", ".aiff", ".aif", ".au"];
    private static readonly string[] Texts = [".txt", ".tsv", ".csv", ".trn", ".lab", ""];

    private readonly List<(string Id, string Speaker, string Path, string Text)> _utterances = [];
    private readonly List<string> _notes = [];

    private LooseRecordings()
    {
    }

    /// <summary>Gets what was left out, a line each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Gets the number of recordings that have a text.</summary>
    public int Count => _utterances.Count;

    /// <summary>Looks for recordings with texts in folders that have no data directory.</summary>
    /// <param name="folders">The folders.</param>
    /// <returns>Null where a data directory is, or no recording.</returns>
    /// <exception cref="InputException">There are recordings and no text of any, or a text file is not UTF-8.</exception>
    public static LooseRecordings? Find(IReadOnlyList<string> folders)
    {
        var existing = folders.Where(Directory.Exists).ToList();
        if (DataFolders.Find(existing).Data.Count > 0)
            return null;

        var files = existing
            .SelectMany(folder => Directory.EnumerateFiles(
                folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5 }))
            .Take(MaxFiles).Order(StringComparer.Ordinal).ToList();
        var recordings = files.Where(file => Audio.Contains(Path.GetExtension(file).ToLowerInvariant())).ToList();
        if (recordings.Count == 0)
            return null;

        var found = new LooseRecordings();
        found.Join(recordings, TextsOf(files, recordings));
        return found.Count > 0 ? found : throw new InputException(
            $"{string.Join(" ", folders)}: {recordings.Count} recordings and no text of any; write a file with a line for each: its name, "
            + "a space, and the words that are said in it");
    }

    /// <summary>Writes a data directory.</summary>
    /// <param name="folder">The folder to make.</param>
    /// <exception cref="InputException">It is there already.</exception>
    public void Write(string folder)
    {
        if (Path.Exists(folder))
            throw new InputException($"{folder}: is there already; take it away, or name another recipe with --output");

        Directory.CreateDirectory(folder);
        var sorted = _utterances.OrderBy(utterance => utterance.Id, StringComparer.Ordinal).ToList();
        Lines("text", sorted.Select(utterance => $"{utterance.Id} {utterance.Text}"));
        Lines("utt2spk", sorted.Select(utterance => $"{utterance.Id} {utterance.Speaker}"));
        Lines("wav.scp", sorted.Select(utterance => $"{utterance.Id} {utterance.Path}"));

        void Lines(string name, IEnumerable<string> lines) =>
            AtomicFile.WriteText(Path.Combine(folder, name), string.Concat(lines.Select(line => line + "\n")));
    }

    private void Join(List<string> recordings, Dictionary<string, string> texts)
    {
        var hasSpeakers = recordings.Select(Path.GetDirectoryName).Distinct().Skip(1).Any();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var (silent, doubled) = (new List<string>(), new List<string>());
        foreach (var path in recordings)
        {
            var speaker = Clean(Path.GetFileName(Path.GetDirectoryName(path) ?? ""));
            var id = Clean(Path.GetFileNameWithoutExtension(path));
            if (hasSpeakers)
                id = $"{speaker}-{id}";
            if (!texts.TryGetValue(path, out var text))
                silent.Add(path);
            else if (!ids.Add(id))
                doubled.Add(path);
            else
                _utterances.Add((id, hasSpeakers ? speaker : id, path, text));
        }

        Note(silent, "without a text");
        Note(doubled, "of a name that another one has");
    }

    private void Note(List<string> paths, string what)
    {
        if (paths.Count > 0)
            _notes.Add($"{paths.Count} recordings {what} are left out (first {paths[0]})");
    }

    private static Dictionary<string, string> TextsOf(List<string> files, List<string> recordings)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var byStem = recordings.ToLookup(path => Path.ChangeExtension(path, null), StringComparer.Ordinal);
        var byName = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var path in recordings)
        {
            // A name that two recordings have names neither.
            foreach (var name in new[] { path, Path.GetFileName(path), Path.GetFileNameWithoutExtension(path) }.Distinct())
                byName[name] = byName.ContainsKey(name) ? null : path;
        }

        foreach (var file in files.Where(file => Texts.Contains(Path.GetExtension(file).ToLowerInvariant())))
        {
            if (byStem[Path.ChangeExtension(file, null)].FirstOrDefault() is { } beside)
                Add(beside, string.Join(' ', TextLineReader.ReadLines(file)));
            else if (new FileInfo(file).Length < 1 << 28 && IsText(file))
                AddLines(file);
        }

        return texts;

        void AddLines(string file)
        {
            foreach (var line in TextLineReader.ReadLines(file))
            {
                var parts = line.Trim().Split(line.Contains('|', StringComparison.Ordinal) ? (char[])['|'] : [' ', '\t'], 2);
                if (parts.Length == 2 && byName.GetValueOrDefault(parts[0].Trim()) is { } path)
                    Add(path, parts[1].Split('|')[^1]);
            }
        }

        void Add(string path, string text)
        {
            if (Words(text) is { Length: > 0 } words)
                texts.TryAdd(path, words);
        }
    }

    private static bool IsText(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> head = stackalloc byte[512];
        return !head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)].Contains((byte)0);
    }

    // Marks of punctuation are not spoken; those within a word (don't, e-mail) stay.
    private static string Words(string text) =>
        Spaces().Replace(Punctuation().Replace(text.Normalize(NormalizationForm.FormC), " "), " ").Trim();

    private static string Clean(string name) => NotOfIds().Replace(name, "_");

    [GeneratedRegex(@"(?<![\p{L}\p{N}])[\p{P}\p{S}]+|[\p{P}\p{S}]+(?![\p{L}\p{N}])|[，。？！；：、“”‘’（）《》…—·]+")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[^\p{L}\p{N}_.\-]+")]
    private static partial Regex NotOfIds();
}
