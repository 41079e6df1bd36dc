using System.Runtime.InteropServices;
using Mimir.Base;

namespace Mimir.Corpus;

/// <summary>
/// A temporary folder beside its target, which replaces the target when it is complete and is removed when it is not.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private readonly string _target;
    private readonly string _hidden;
    private readonly FileStream _lock;
    private bool _published;

    /// <summary>Creates the folder.</summary>
    /// <param name="target">The final folder.</param>
    /// <param name="others">Names the files of an existing folder that must not be replaced.</param>
    /// <exception cref="IOException">The target is in use, or must not be replaced.</exception>
    public StagingFolder(string target, Func<string, IReadOnlyCollection<string>> others)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(_target))
            throw new IOException($"{_target}: expected a folder to make, got a file; name another folder.");
        if (Directory.Exists(_target))
            ForeignFiles.Refuse(_target, others(_target), "no corpus maker of Mimir");

        var parent = Path.GetDirectoryName(_target) ?? "/";
        Directory.CreateDirectory(parent);

        // Names that nobody else gives: what is left of a killed maker is removed by them.
        _hidden = Path.Combine(parent, $".{Path.GetFileName(_target)}.mimir-");
        _lock = FileLock.TryOpen(
                _hidden + "lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose)
            ?? throw new IOException($"{_target}: another process makes this corpus now.");
        Folder = _hidden + "partial";
        Remove(Folder);
        Directory.CreateDirectory(Folder);
    }

    /// <summary>Gets the folder to write into.</summary>
    public string Folder { get; }

    /// <summary>Replaces the target by the folder.</summary>
    public void Publish()
    {
        Disk.Flush();
        var old = _hidden + "old";
        Remove(old);
        if (Directory.Exists(_target))
            Directory.Move(_target, old);
        Directory.Move(Folder, _target);
        _published = true;
        AtomicFile.FlushFolder(Path.GetDirectoryName(_target) ?? "/");
        Remove(old);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_published)
            Remove(Folder);
        _lock.Dispose();
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Flushing of many small files.</summary>
internal static partial class Disk
{
    /// <summary>Flushes all written files to the disk in one call.</summary>
    public static void Flush() => sync();

    [LibraryImport("libc")]
    private static partial void sync();
}
