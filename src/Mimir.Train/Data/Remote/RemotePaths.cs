using System.IO.Enumeration;
using Mimir.Base;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data.Remote;

/// <summary>Which files of a corpus the keys of a set mean, by the corpus' list of files. Pure.</summary>
/// <param name="files">All files of the corpus.</param>
internal sealed class RemotePaths(IReadOnlyDictionary<string, string> files)
{
    private static readonly string[] DataFiles =
        ["wav.scp", "feats.scp", "segments", "utt2spk", "spk2utt", "spk2gender", "text"];

    /// <summary>
    /// The files that must be on this machine before a set is loaded. One that the corpus lacks is among them, for the caller to refuse.
    /// What a script names, and an archive of features, is fetched when it is needed.
    /// </summary>
    public IEnumerable<RemoteFile> Of(CorpusSet set) =>
    [
        .. Each("dir", InFolder(set.Dir, DataFiles.Contains), Join(set.Dir, DataFiles[0])),
        .. Alignments(set),
        .. Table("targets", set.Targets),
        .. Table("frame-weights", set.FrameWeights),
        .. Table("utterance-weights", set.UtteranceWeights),
        .. Table("cmvn", set.Cmvn),
        .. Table("features", set.Features).Where(_ => IsScript(set.Features)),
        .. Single("transition-model", set.TransitionModel),
        .. Single("utterances", set.Utterances),
        .. Single("reference", set.Reference),
    ];

    /// <summary>A path as the corpus' list has it; null for one of this machine, which is absolute.</summary>
    /// <exception cref="InputException">The path leads out of the corpus.</exception>
    public static string? Normal(string path)
    {
        if (Path.IsPathRooted(path))
            return null;

        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else
                throw new InputException($"corpus.source: '{path}' leads out of the corpus; relative paths start at its top");
        }

        return string.Join('/', parts);
    }

    /// <summary>True when a table is a script file and not an archive.</summary>
    public static bool IsScript(string? table) => table is not null && Rspecifier.Parse(table).IsScript;

    private IEnumerable<RemoteFile> Alignments(CorpusSet set)
    {
        if (set.Alignments is not { } name)
            return [];
        if (Rspecifier.IsTable(name))
            return Table("alignments", name);
        if (Normal(name) is not { } path)
            return [];

        var folder = files.ContainsKey(path) || name.AsSpan().ContainsAny('*', '?') ? Path.GetDirectoryName(path) ?? "" : path;
        var pattern = folder == path ? "ali.*" : Path.GetFileName(path);
        var model = Join(folder, "final.mdl");
        var found = InFolder(folder, file => FileSystemName.MatchesSimpleExpression(pattern, file, ignoreCase: false));
        return Each("alignments", found, Join(folder, pattern))
            .Concat(set.TransitionModel is null && files.ContainsKey(model) ? [new("alignments", model)] : []);
    }

    private static IEnumerable<RemoteFile> Table(string key, string? table) =>
        table is not null && Rxfilename.Parse(Rspecifier.Parse(table).Target) is { Kind: RxKind.File } file ? Single(key, file.Target) : [];

    private static IEnumerable<RemoteFile> Single(string key, string? name) =>
        name is not null && Normal(name) is { } path ? [new(key, path)] : [];

    private static IEnumerable<RemoteFile> Each(string key, IEnumerable<string>? paths, string ifNone) =>
        paths?.DefaultIfEmpty(Normal(ifNone) ?? ifNone).Select(path => new RemoteFile(key, path)) ?? [];

    // Null for a folder of this machine.
    private List<string>? InFolder(string name, Func<string, bool> wanted)
    {
        if (Normal(name) is not { } folder)
            return null;

        var start = folder.Length == 0 ? "" : folder + "/";
        return [.. files.Keys
            .Where(path => path.StartsWith(start, StringComparison.Ordinal) && path.IndexOf('/', start.Length) < 0)
            .Where(path => wanted(path[start.Length..]))
            .Order(StringComparer.Ordinal)];
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
}

/// <summary>A file of a remote corpus that a set names.</summary>
/// <param name="Key">The recipe's key that names it (<c>dir</c>, <c>alignments</c>).</param>
/// <param name="Path">Its path in the corpus.</param>
internal readonly record struct RemoteFile(string Key, string Path);
