using System.Text;
using Mimir.Base;

namespace Mimir.Dist.Data.Caching;

/// <summary>
/// The files of a remote corpus, checked and kept in a local folder of limited size. Files for the next leases are fetched in the
/// background. Any thread may call.
/// </summary>
public sealed class CorpusCache : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly ICorpusSource _source;
    private readonly CacheOptions _options;
    private readonly CacheFolder _folder;
    private readonly Dictionary<string, Task<FileStream>> _running = new(StringComparer.Ordinal);
    private readonly Prefetcher _prefetcher;
    private readonly StallMeter? _stalls;
    private readonly CancellationTokenSource _end = new();

    private CorpusCache(ICorpusSource source, CorpusManifest manifest, CacheOptions options, StallMeter? stalls)
    {
        (_source, _options, _stalls, Manifest) = (source, options, stalls, manifest);
        _folder = new(options);
        _prefetcher = new(FetchAsync, options, _end.Token);
    }

    /// <summary>Gets the files and their checksums.</summary>
    public CorpusManifest Manifest { get; }

    /// <summary>Gets the counters.</summary>
    public CacheCounters Counters { get; } = new();

    /// <summary>Reads the manifest of a corpus, <c>SHA256SUMS</c>, and opens the cache.</summary>
    /// <param name="source">The corpus; the caller disposes of it.</param>
    /// <param name="options">The folder and its limits.</param>
    /// <param name="stalls">Counts the waits for a file, or null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SourceException">The source does not give the manifest.</exception>
    /// <exception cref="InputException">It is not a manifest.</exception>
    public static async Task<CorpusCache> OpenAsync(
        ICorpusSource source, CacheOptions options, StallMeter? stalls = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Limit, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Streams, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Tries, 1, nameof(options));
        var text = await SmallFile.ReadAsync(source, CorpusManifest.FileName, options, cancellation).ConfigureAwait(false);
        return new(source, CorpusManifest.Parse(source.NameOf(CorpusManifest.FileName), Encoding.UTF8.GetString(text)), options, stalls);
    }

    /// <summary>Opens a corpus by its place.</summary>
    /// <param name="place">A folder, or an address that begins with <c>http://</c> or <c>https://</c>.</param>
    public static ICorpusSource SourceOf(string place) =>
        place.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || place.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? HttpSource.Of(place)
            : new FolderSource(place);

    /// <summary>Fetches files in the background, in this order. They stay in the cache until they were acquired once.</summary>
    /// <remarks>A file that does not fit waits until another is released; one that fails is tried again when it is acquired.</remarks>
    /// <param name="paths">Paths in the corpus.</param>
    public void Prefetch(IEnumerable<string> paths) => _prefetcher.Add(paths);

    /// <summary>Cancels prefetching and releases prefetched files that were not acquired, as at the end of an epoch.</summary>
    public void CancelPrefetch() => _prefetcher.Clear();

    /// <summary>Takes a file, and waits for it when it is not here yet.</summary>
    /// <param name="path">Its path in the corpus.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The file, to be disposed of when it is no longer read.</returns>
    /// <exception cref="SourceException">The source does not give it; the message has its full name and the remedy.</exception>
    /// <exception cref="CacheFullException">It does not fit beside the files in use.</exception>
    /// <exception cref="FileNotFoundException">The manifest has no such file.</exception>
    public async Task<CachedFile> AcquireAsync(string path, CancellationToken cancellation = default)
    {
        var checksum = Manifest.ChecksumOf(path);
        var pin = PinWhole(path, checksum);
        if (pin is not null)
        {
            Counters.Hit();
        }
        else
        {
            Counters.Missed();
            using (_stalls?.Measure())
                pin = await WaitAsync(path, cancellation).ConfigureAwait(false);
        }

        _prefetcher.Acquired(path);
        return new(_folder.PathOf(checksum), () =>
        {
            _folder.Touch(checksum);
            pin.Dispose();
            _prefetcher.Released();
        });
    }

    /// <summary>Takes a file as <see cref="AcquireAsync"/> does.</summary>
    /// <param name="path">Its path in the corpus.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public CachedFile Acquire(string path, CancellationToken cancellation = default) =>
        AcquireAsync(path, cancellation).GetAwaiter().GetResult();

    /// <summary>Stops prefetching; the part of a file stays for the next run to resume.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _prefetcher.StopAsync().ConfigureAwait(false);
        Task<FileStream>[] running;
        lock (_gate)
            running = [.. _running.Values];

        await Task.WhenAll(running.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default))).ConfigureAwait(false);
        _end.Dispose();
    }

    // What lay on a disk for long may have changed: a file is read through before it is given out.
    private FileStream? PinWhole(string path, string checksum)
    {
        var pin = _folder.Pin(checksum);
        if (pin is null || CacheFolder.IsWhole(pin, checksum))
            return pin;

        pin.Dispose();
        _folder.Discard(checksum);
        Counters.FoundDamaged();
        Log.FileDamaged(_options.Logger, path, _folder.PathOf(checksum));
        return null;
    }

    private async Task<FileStream> WaitAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            var fetch = FetchAsync(path);
            try
            {
                return await fetch.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!fetch.IsCompleted)
            {
                // The download continues, but nobody holds the file.
                _ = fetch.ContinueWith(
                    done => done.Result.Dispose(), default, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }
            catch (CacheFullException) when (_prefetcher.ReleaseOne())
            {
                // A prefetched file gives way to one that is needed now.
            }
        }
    }

    /// <summary>A pin of a file, which is fetched once however many callers want it.</summary>
    private async Task<FileStream> FetchAsync(string path)
    {
        var checksum = Manifest.ChecksumOf(path);
        while (true)
        {
            Task<FileStream> task;
            bool mine;
            lock (_gate)
            {
                mine = !_running.TryGetValue(checksum, out var running);
                task = running ?? Task.Run(() => new Fetch(_source, _folder, _options, Counters, path, checksum).RunAsync(_end.Token));
                if (mine)
                    _running.Add(checksum, task);
            }

            if (mine)
            {
                try
                {
                    return await task.ConfigureAwait(false);
                }
                finally
                {
                    lock (_gate)
                        _running.Remove(checksum);
                }
            }

            // Each needs a pin of its own.
            _ = await task.ConfigureAwait(false);
            if (_folder.Pin(checksum) is { } pin)
                return pin;
        }
    }
}

/// <summary>A file of a corpus on the local disk; it stays there until this is disposed of.</summary>
public sealed class CachedFile : IDisposable
{
    private Action? _release;

    internal CachedFile(string path, Action release) => (Path, _release) = (path, release);

    /// <summary>Gets the path. The file must not be changed.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

/// <summary>Counters of a cache. Any thread may call.</summary>
public sealed class CacheCounters
{
    private long _bytes;
    private long _retries;
    private long _hits;
    private long _misses;
    private long _damaged;

    /// <summary>Gets the bytes read from the source.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets the failed tries that were followed by another.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Gets the number of files that were there when asked for.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Gets the number of files that had to be waited for.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Gets the number of files that were there with other bytes than once fetched, and were fetched again.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    internal void Fetched(int bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void Retried() => Interlocked.Increment(ref _retries);

    internal void Hit() => Interlocked.Increment(ref _hits);

    internal void FoundDamaged() => Interlocked.Increment(ref _damaged);

    internal void Missed() => Interlocked.Increment(ref _misses);
}
