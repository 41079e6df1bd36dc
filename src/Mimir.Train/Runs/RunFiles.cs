using System.Text.RegularExpressions;
using Mimir.Base;
using Mimir.Core.Models;
using Mimir.Dist.Data.Ledgers;
using Mimir.Train.Checkpoints;
using Mimir.Train.Sequences;

namespace Mimir.Train.Runs;

/// <summary>The files that a run makes in its folder: only these are ever removed.</summary>
/// <remarks>
/// A run's folder has Mimir's mark. A folder without the mark and with other files in it belongs to somebody else. Runs of before
/// the mark are known by their log.
/// </remarks>
/// <param name="folder">The run's folder.</param>
internal sealed partial class RunFiles(RunFolder folder)
{
    private const string Mark = ".mimir-run";

    private static readonly string[] TopFiles =
    [
        "recipe.yaml", "summary.json", "log.jsonl", "report.html", "emulation.json", Base.Logging.LogFile.Name, Ledger.FileName,
        Ledger.CorpusFileName, RunFolder.QuarantineName, Mark,
    ];

    private string MarkFile => Path.Combine(folder.Root, Mark);

    private bool IsOurs => File.Exists(MarkFile) || IsLog(folder.LogFile);

    /// <summary>Names what lies in a folder that no run has made; none where it is a run's, or empty.</summary>
    /// <remarks>
    /// Not counted are a model that was imported there, the lock of another process, and the folders of other workers, which may be
    /// quicker than the coordinator.
    /// </remarks>
    public IReadOnlyList<string> Others()
    {
        if (!Directory.Exists(folder.Root) || IsOurs)
            return [];

        var model = File.Exists(Path.Combine(folder.Model, CheckedFolder.Manifest)) ? Path.GetFileName(folder.Model) : null;
        string[] others =
        [
            .. Directory.EnumerateFileSystemEntries(folder.Root).Select(path => Path.GetFileName(path))
                .Where(name => name != model && name != RunFolder.LockName && !name.StartsWith(Mark, StringComparison.Ordinal))
                .Where(name => name != RunFolder.WorkersName || !HasWorkersOnly(Path.Combine(folder.Root, name))),
        ];

        // Another worker may begin the run meanwhile; its mark comes before its other files.
        return IsOurs ? [] : others;
    }

    /// <summary>Marks the folder as a run's.</summary>
    public void WriteMark()
    {
        if (!File.Exists(MarkFile))
            AtomicFile.WriteText(MarkFile, "The folder of a run of Mimir, which writes and removes files here.\n");
    }

    /// <summary>Removes what a killed process left half-written.</summary>
    public void RemoveLeftovers()
    {
        RemoveFiles(folder.Root, name => Temporary().Match(name) is { Success: true } match && TopFiles.Contains(match.Groups["of"].Value));
        RemoveFiles(folder.Root, name => ModelPart().IsMatch(name));
        RemoveFolders(folder.Root, name => ModelFolder().IsMatch(name));
        RemoveFolders(folder.Checkpoints, IsHalfCheckpoint);
        RemoveFolders(folder.Pretraining, IsHalfCheckpoint);
        foreach (var set in FoldersOf(folder.Decode("")))
            RemoveFiles(set, name => Temporary().IsMatch(name) && DecodeFile().IsMatch(name));
        RemoveFiles(folder.Lattices, name => Temporary().IsMatch(name) && LatticeFile().IsMatch(name));
    }

    /// <summary>Removes all that a run has made but its mark, and nothing else.</summary>
    public void Clear()
    {
        RemoveFiles(folder.Root, name => name != Mark && TopFiles.Contains(name));
        RemoveFolders(folder.Checkpoints, name => CheckpointName.TryParse(name, out _) || IsHalfCheckpoint(name));
        RemoveFolders(folder.Pretraining, name => CheckpointName.TryParse(name, out _) || IsHalfCheckpoint(name));
        if (!new TrainedModel(folder.Model).IsImported)
            CheckedFolder.Remove(folder.Model);
        RemoveFiles(Path.Combine(folder.Root, "tensorboard"), name => name.StartsWith("events.out.tfevents.", StringComparison.Ordinal));
        RemoveFiles(Path.Combine(folder.Root, "tune"), name => TuneFile().IsMatch(name));
        RemoveFolders(folder.Lattices, name => name == LatticeStore.GraphName);
        RemoveFiles(folder.Lattices, name => LatticeFile().IsMatch(name));
        foreach (var set in FoldersOf(folder.Decode("")))
            RemoveFiles(set, name => DecodeFile().IsMatch(name));

        RemoveEmpty(folder.Decode(""));
        RemoveEmpty(folder.Checkpoints);
        RemoveEmpty(folder.Pretraining);
    }

    private static bool IsHalfCheckpoint(string name) =>
        name.StartsWith('.') && name.EndsWith(".tmp", StringComparison.Ordinal) && CheckpointName.TryParse(name[1..^4], out _);

    private static bool HasWorkersOnly(string path) =>
        Directory.EnumerateFileSystemEntries(path).All(entry => Path.GetFileName(entry).All(char.IsAsciiDigit));

    private static bool IsLog(string file)
    {
        if (!File.Exists(file))
            return false;

        using var reader = File.OpenText(file);
        return LogLine().IsMatch(reader.ReadLine() ?? "");
    }

    private static string[] FoldersOf(string parent) => Directory.Exists(parent) ? Directory.GetDirectories(parent) : [];

    private static void RemoveFolders(string parent, Predicate<string> isOurs)
    {
        var hidden = new EnumerationOptions { AttributesToSkip = FileAttributes.None };
        var found = Directory.Exists(parent) ? Directory.GetDirectories(parent, "*", hidden) : [];
        foreach (var path in found.Where(path => isOurs(Path.GetFileName(path))))
            Directory.Delete(path, recursive: true);
    }

    private static void RemoveFiles(string parent, Predicate<string> isOurs)
    {
        var hidden = new EnumerationOptions { AttributesToSkip = FileAttributes.None };
        var found = Directory.Exists(parent) ? Directory.GetFiles(parent, "*", hidden) : [];
        foreach (var path in found.Where(path => isOurs(Path.GetFileName(path))))
            File.Delete(path);
        if (found.Length > 0)
            RemoveEmpty(parent);
    }

    private static void RemoveEmpty(string path)
    {
        if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any())
            Directory.Delete(path);
    }

    // The names that AtomicFile writes beside a file.
    [GeneratedRegex(@"^(?<of>.+)\.\d+\.tmp\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Temporary();

    [GeneratedRegex(@"^model\.\d+\.part\z")]
    private static partial Regex ModelPart();

    [GeneratedRegex(@"^model\.\d+\.tmp\z")]
    private static partial Regex ModelFolder();

    [GeneratedRegex(@"^(open|\d{4,}\.(request|answer)\.json)(\.\d+\.tmp)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex TuneFile();

    [GeneratedRegex(@"^(hyp\.txt|per_utt|per_spk|(wer|cer)_table|best_(wer|cer))(\.\d+\.tmp)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex DecodeFile();

    [GeneratedRegex(@"^((train|cv)\.\d+\.ark|start)(\.\d+\.tmp)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex LatticeFile();

    [GeneratedRegex("""^\{"(event|time)":""")]
    private static partial Regex LogLine();
}
