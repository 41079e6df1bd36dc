using Mimir.Base;

namespace Mimir.Train.Runs;

/// <summary>The paths of a run on disk: <c>exp/&lt;name&gt;/</c>.</summary>
/// <param name="Root">The run's folder.</param>
public sealed record RunFolder(string Root)
{
    /// <summary>The file that a process locks while it works on the run.</summary>
    internal const string LockName = ".lock";

    /// <summary>The list of the utterances that were set aside.</summary>
    internal const string QuarantineName = "quarantine";

    /// <summary>The folder of the other workers' logs.</summary>
    internal const string WorkersName = "workers";

    /// <summary>Gets the resolved recipe, with where each value comes from.</summary>
    public string RecipeFile => Path.Combine(Root, "recipe.yaml");

    /// <summary>Gets the checkpoints.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>Gets the checkpoint of pre-training.</summary>
    public string Pretraining => Path.Combine(Root, "pretraining");

    /// <summary>Gets the best network: graph, weights, class counts, transition model.</summary>
    public string Model => Path.Combine(Root, "model");

    /// <summary>Gets the lattices of competitors, and their graph, of a run that trains by lattices.</summary>
    public string Lattices => Path.Combine(Root, "lattices");

    /// <summary>Gets the links to files of a remote corpus; they exist while a process works on the run.</summary>
    public string Corpus => Path.Combine(Root, "corpus");

    /// <summary>Gets the summary of the run with its status; it is written last.</summary>
    public string Summary => Path.Combine(Root, "summary.json");

    /// <summary>Gets the log, a line an event.</summary>
    public string LogFile => Path.Combine(Root, "log.jsonl");

    /// <summary>Gets the list of the utterances that were set aside, with reasons.</summary>
    public string Quarantine => Path.Combine(Root, QuarantineName);

    /// <summary>Gets the log of messages with levels, event ids and the stacks of errors.</summary>
    public string MessageFile => Path.Combine(Root, Base.Logging.LogFile.Name);

    private string LockFile => Path.Combine(Root, LockName);

    private RunFiles Files => new(this);

    /// <summary>True when a process works on the run now.</summary>
    public bool IsLocked
    {
        get
        {
            try
            {
                using var lockFile = FileLock.TryOpen(LockFile, FileMode.Open, FileAccess.Read, FileShare.Read);
                return lockFile is null;
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return false;
            }
        }
    }

    /// <summary>The folder of another worker than the coordinator: its log and its summary.</summary>
    /// <param name="rank">The worker, from 1.</param>
    public RunFolder Worker(int rank) =>
        new(Path.Combine(Root, WorkersName, rank.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The results of a decoded set.</summary>
    /// <param name="set">The set's name.</param>
    public string Decode(string set) => Path.Combine(Root, "decode", set);

    /// <summary>The problem of the folder as a run's, with the remedy; null when it is one, or empty, or not there.</summary>
    public string? Problem() => Files.Others() is { Count: > 0 } others ? ForeignFiles.Problem(others, "no run of Mimir") : null;

    /// <summary>Locks the folder for this process, marks it as a run's, and removes the half-written files of a killed process.</summary>
    /// <returns>The lock; disposing it releases the folder.</returns>
    /// <exception cref="IOException">
    /// It holds files that no run of Mimir made, another process works in it, or it cannot be written.
    /// </exception>
    public IDisposable Lock()
    {
        ForeignFiles.Refuse(Root, Files.Others(), "no run of Mimir");
        Directory.CreateDirectory(Root);
        var held = FileLock.TryOpen(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose)
            ?? throw new IOException($"{Root}: another process works on this run; wait for it, or stop it.");
        try
        {
            Files.WriteMark();
            Files.RemoveLeftovers();
            return held;
        }
        catch (Exception)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Removes all that a run writes, and nothing else.</summary>
    public void Clear() => Files.Clear();
}
