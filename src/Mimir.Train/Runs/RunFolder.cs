using Mimir.Dist.Data.Ledgers;

namespace Mimir.Train.Runs;

/// <summary>The paths of a run on disk: <c>exp/&lt;name&gt;/</c>.</summary>
/// <param name="Root">The run's folder.</param>
public sealed record RunFolder(string Root)
{
    /// <summary>Gets the resolved recipe, with where each value comes from.</summary>
    public string RecipeFile => Path.Combine(Root, "recipe.yaml");

    /// <summary>Gets the checkpoints.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>Gets the best network: graph, weights, class counts, transition model.</summary>
    public string Model => Path.Combine(Root, "model");

    /// <summary>Gets the links to files of a remote corpus; they exist while a process works on the run.</summary>
    public string Corpus => Path.Combine(Root, "corpus");

    /// <summary>Gets the summary of the run with its status; it is written last.</summary>
    public string Summary => Path.Combine(Root, "summary.json");

    /// <summary>Gets the log, a line an event.</summary>
    public string LogFile => Path.Combine(Root, "log.jsonl");

    /// <summary>Gets the log of messages with levels, event ids and the stacks of errors.</summary>
    public string MessageFile => Path.Combine(Root, Base.Logging.LogFile.Name);

    private string LockFile => Path.Combine(Root, ".lock");

    private string Report => Path.Combine(Root, "report.html");

    /// <summary>True when a process works on the run now.</summary>
    public bool IsLocked
    {
        get
        {
            try
            {
                using var lockFile = new FileStream(LockFile, FileMode.Open, FileAccess.Read, FileShare.Read);
                return false;
            }
            catch (FileNotFoundException)
            {
                return false;
            }
            catch (DirectoryNotFoundException)
            {
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    /// <summary>The folder of another worker than the coordinator: its log and its summary.</summary>
    /// <param name="rank">The worker, from 1.</param>
    public RunFolder Worker(int rank) =>
        new(Path.Combine(Root, "workers", rank.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The results of a decoded set.</summary>
    /// <param name="set">The set's name.</param>
    public string Decode(string set) => Path.Combine(Root, "decode", set);

    /// <summary>Locks the folder for this process and removes the half-written files of a killed one.</summary>
    /// <returns>The lock; disposing it releases the folder.</returns>
    /// <exception cref="IOException">Another process works in it, or it cannot be written.</exception>
    public IDisposable Lock()
    {
        Directory.CreateDirectory(Root);
        var held = OpenLock();
        RemoveLeftovers(Root, "*.tmp");
        RemoveLeftovers(Root, "model.*.part");
        if (Directory.Exists(Checkpoints))
            RemoveLeftovers(Checkpoints, ".*.tmp");

        return held;
    }

    private FileStream OpenLock()
    {
        try
        {
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error)
        {
            throw new IOException($"{Root}: another process works on this run; wait for it, or stop it ({error.Message}).", error);
        }
    }

    private static void RemoveLeftovers(string folder, string pattern)
    {
        var hidden = new EnumerationOptions { AttributesToSkip = FileAttributes.None };
        foreach (var file in Directory.GetFiles(folder, pattern, hidden))
            File.Delete(file);
        foreach (var leftover in Directory.GetDirectories(folder, pattern, hidden))
            Directory.Delete(leftover, recursive: true);
    }

    /// <summary>Removes all that a run writes, and nothing else.</summary>
    public void Clear()
    {
        string[] folders =
        [
            Checkpoints, Model, Path.Combine(Root, "decode"), Path.Combine(Root, "tensorboard"), Path.Combine(Root, "tune"),
        ];
        foreach (var folder in folders)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }

        string[] files =
        [
            RecipeFile, Summary, LogFile, MessageFile, Report,
            Path.Combine(Root, Ledger.FileName), Path.Combine(Root, Ledger.CorpusFileName),
        ];
        foreach (var file in files)
            File.Delete(file);
    }
}
