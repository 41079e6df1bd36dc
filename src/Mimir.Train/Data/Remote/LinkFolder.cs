using Mimir.Dist.Data.Caching;

namespace Mimir.Train.Data.Remote;

/// <summary>Files of a remote corpus under their own names: links to the files of the cache, each as long as it is in use.</summary>
/// <remarks>Any thread may call.</remarks>
internal sealed class LinkFolder
{
    /// <summary>The end of the name of a script whose file names are absolute.</summary>
    public const string HereSuffix = ".here";

    /// <summary>The end of the name of a script of one archive.</summary>
    public const string PartSuffix = ".part";

    private readonly object _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Func<string, CachedFile> _acquire;

    /// <summary>Makes the folder, empty.</summary>
    /// <param name="folder">The folder; what an earlier run left there is removed.</param>
    /// <param name="acquire">Fetches a file of the corpus.</param>
    public LinkFolder(string folder, Func<string, CachedFile> acquire)
    {
        _acquire = acquire;
        FullPath = Path.GetFullPath(folder);
        Remove();
        Directory.CreateDirectory(FullPath);
    }

    /// <summary>Gets the folder.</summary>
    public string FullPath { get; }

    /// <summary>The path of a file of the corpus while it is in use, or of a folder of it.</summary>
    public string At(string path) => path.Length == 0 ? FullPath : Path.Combine(FullPath, path);

    /// <summary>The path in the corpus of a file in the folder; null for a file outside it.</summary>
    public string? PathOf(string file) =>
        file.StartsWith(FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? RemotePaths.Normal(file[(FullPath.Length + 1)..])
            : null;

    /// <summary>Makes a file be there until the result is disposed of.</summary>
    /// <param name="path">Its path in the corpus.</param>
    public IDisposable Acquire(string path)
    {
        Entry? entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(path, out entry))
                _entries.Add(path, entry = new());
            entry.Users++;
        }

        var use = new Use(this, path, entry);
        try
        {
            lock (entry.Filling)
                Fill(path, entry);
            return use;
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    /// <summary>Removes the links and the copies of scripts, and folders that are empty then; the files stay in the cache.</summary>
    public void Remove()
    {
        if (Directory.Exists(FullPath))
            Remove(new DirectoryInfo(FullPath));
    }

    private static void Remove(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is not null || entry is FileInfo { Extension: HereSuffix or PartSuffix })
                entry.Delete();
            else if (entry is DirectoryInfo below)
                Remove(below);
        }

        if (!folder.EnumerateFileSystemInfos().Any())
            folder.Delete();
    }

    private void Fill(string path, Entry entry)
    {
        if (entry.File is not null)
            return;

        var file = _acquire(path);
        lock (_gate)
        {
            entry.File = file;
            Directory.CreateDirectory(Path.GetDirectoryName(At(path)) ?? FullPath);
            File.CreateSymbolicLink(At(path), file.Path);
        }
    }

    private void Release(string path, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0)
                return;

            _entries.Remove(path);
            if (entry.File is not { } file)
                return;

            File.Delete(At(path));
            file.Dispose();
        }
    }

    private sealed class Entry
    {
        public object Filling { get; } = new();

        public int Users { get; set; }

        public CachedFile? File { get; set; }
    }

    private sealed class Use(LinkFolder folder, string path, Entry entry) : IDisposable
    {
        private int _over;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
                folder.Release(path, entry);
        }
    }
}
