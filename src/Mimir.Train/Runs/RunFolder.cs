using Mimir.Dist.Data.Ledgers;

namespace Mimir.Train.Runs;

/// <summary>The places of a run on disk: <c>exp/&lt;name&gt;/</c>.</summary>
/// <param name="Root">The run's folder.</param>
public sealed record RunFolder(string Root)
{
    /// <summary>Gets the resolved recipe, with where each value comes from.</summary>
    public string RecipeFile => Path.Combine(Root, "recipe.yaml");

    /// <summary>Gets the checkpoints.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>Gets the best network: graph, weights and what decoding needs beside them.</summary>
    public string Model => Path.Combine(Root, "model");

    /// <summary>Gets the links to files of a corpus that lies elsewhere; they are there while a process works on the run.</summary>
    public string Corpus => Path.Combine(Root, "corpus");

    /// <summary>Gets the summary that says how the run ended; it is written last.</summary>
    public string Summary => Path.Combine(Root, "summary.json");

    /// <summary>Gets the file whose lock keeps a second process away.</summary>
    public string Lock => Path.Combine(Root, ".lock");

    /// <summary>Gets the log, a line an event.</summary>
    public string LogFile => Path.Combine(Root, "log.jsonl");

    /// <summary>Gets the log of messages with levels, event ids and the stacks of errors.</summary>
    public string MessageFile => Path.Combine(Root, Base.Logging.LogFile.Name);

    private string Report => Path.Combine(Root, "report.html");

    /// <summary>Gets whether a process works on the run just now.</summary>
    public bool IsTaken
    {
        get
        {
            try
            {
                using var lockFile = new FileStream(Lock, FileMode.Open, FileAccess.Read, FileShare.Read);
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

    /// <summary>The place of what a worker other than the first has to tell: its log and how it ended.</summary>
    /// <param name="rank">The worker, from 1.</param>
    public RunFolder Worker(int rank) =>
        new(Path.Combine(Root, "workers", rank.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The results of a decoded set.</summary>
    /// <param name="set">The set's name.</param>
    public string Decode(string set) => Path.Combine(Root, "decode", set);

    /// <summary>Takes the folder for this process and removes what a killed one was just writing.</summary>
    /// <returns>The lock; disposing it gives the folder back.</returns>
    /// <exception cref="IOException">Another process works in it, or it cannot be written.</exception>
    public IDisposable Take()
    {
        Directory.CreateDirectory(Root);
        var taken = OpenLock();
        RemoveLeftovers(Root, "*.tmp");
        RemoveLeftovers(Root, "model.*.part");
        if (Directory.Exists(Checkpoints))
            RemoveLeftovers(Checkpoints, ".*.tmp");

        return taken;
    }

    private FileStream OpenLock()
    {
        try
        {
            return new FileStream(Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
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
        foreach (var folder in new[] { Checkpoints, Model, Path.Combine(Root, "decode"), Path.Combine(Root, "tensorboard"), Path.Combine(Root, "tune") })
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }

        foreach (var file in new[] { RecipeFile, Summary, LogFile, MessageFile, Report, Path.Combine(Root, Ledger.FileName), Path.Combine(Root, Ledger.CorpusFileName) })
            File.Delete(file);
    }
}
