using Mimir.Dist.Data.Caching;
using Mimir.Kaldi.Tables;

namespace Mimir.Train.Data.Remote;

/// <summary>Holds files that are needed one after another on this machine, and prefetches the next ones.</summary>
internal sealed class OrderedPrefetch : IDisposable
{
    private const int Ahead = 32;

    private readonly object _gate = new();
    private readonly CorpusCache _cache;
    private readonly LinkFolder _links;
    private readonly string[] _paths;
    private int _next;

    /// <summary>Begins to fetch the first files.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="links">The folder of the files that are held.</param>
    /// <param name="files">The extended file names, in the order in which they will be held.</param>
    public OrderedPrefetch(CorpusCache cache, LinkFolder links, IEnumerable<string> files)
    {
        (_cache, _links) = (cache, links);
        _paths = [.. files.Select(PathOf).OfType<string>().Distinct()];
        Fetch(Ahead);
    }

    /// <summary>Holds a file on this machine until the result is disposed of.</summary>
    /// <param name="file">Its extended name; one of this machine, or that the corpus lacks, is left to its reader.</param>
    /// <exception cref="IOException">It cannot be fetched.</exception>
    public IDisposable? Hold(string file)
    {
        if (PathOf(file) is not { } path)
            return null;

        Fetch(1);
        return _links.Acquire(path);
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.CancelPrefetch();

    private string? PathOf(string file)
    {
        var name = Rxfilename.Parse(file);
        return name.Kind == RxKind.File && _links.PathOf(name.Target) is { } path && _cache.Manifest.Files.ContainsKey(path) ? path : null;
    }

    private void Fetch(int count)
    {
        lock (_gate)
        {
            var end = Math.Min(_next + count, _paths.Length);
            _cache.Prefetch(_paths[_next..end]);
            _next = end;
        }
    }
}
