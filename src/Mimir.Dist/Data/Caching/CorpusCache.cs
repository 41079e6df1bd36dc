using System.Text;
using Mimir.Base;

namespace Mimir.Dist.Data.Caching;

/// <summary>
/// The files of a corpus that lies elsewhere, checked and kept in a local folder of limited size. What the next leases need
/// is fetched in the background. Any thread may call.
/// </summary>
public sealed class CorpusCache : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly ICorpusSource _source;
    private readonly CacheOptions _options;
    private readonly CacheFolder _folder;
    private readonly Dictionary<string, Task<FileStream>> _running = new(StringComparer.Ordinal);
    private readonly FetchAhead _ahead;
    private readonly StallMeter? _stalls;
    private readonly CancellationTokenSource _end = new();

    private CorpusCache(ICorpusSource source, CorpusManifest manifest, CacheOptions options, StallMeter? stalls)
    {
        (_source, _options, _stalls, Manifest) = (source, options, stalls, manifest);
        _folder = new(options);
        _ahead = new(FetchAsync, options, _end.Token);
    }

    /// <summary>Gets the files and their checksums.</summary>
    public CorpusManifest Manifest { get; }

    /// <summary>Gets what was done so far.</summary>
    public CacheCounters Counters { get; } = new();

    /// <summary>Reads the manifest of a corpus, <c>SHA256SUMS</c>, and opens the cache.</summary>
    /// <param name="source">Where the corpus lies; stays the caller's.</param>
    /// <param name="options">Where it is kept and how it is fetched.</param>
    /// <param name="stalls">Counts the waits for a file; null: nobody does.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SourceException">The manifest cannot be had.</exception>
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
            ? new HttpSource(new(place))
            : new FolderSource(place);

    /// <summary>Fetches files in the background, in this order. They stay in the cache until they were acquired once.</summary>
    /// <remarks>What does not fit waits until something is released; what fails is tried again when it is acquired.</remarks>
    /// <param name="paths">Paths in the corpus.</param>
    public void Prefetch(IEnumerable<string> paths) => _ahead.Add(paths);

    /// <summary>Forgets what was to be fetched ahead and was not acquired, such as at the end of an epoch.</summary>
    public void CancelPrefetch() => _ahead.Clear();

    /// <summary>Takes a file, and waits for it when it is not here yet.</summary>
    /// <param name="path">Its path in the corpus.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The file, to be disposed of when it is no longer read.</returns>
    /// <exception cref="SourceException">It cannot be had; the message has its full name and the remedy.</exception>
    /// <exception cref="CacheFullException">It does not fit beside what is in use.</exception>
    /// <exception cref="FileNotFoundException">The manifest has no such file.</exception>
    public async Task<CachedFile> AcquireAsync(string path, CancellationToken cancellation = default)
    {
        var checksum = Manifest.ChecksumOf(path);
        var pin = _folder.Pin(checksum);
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

        _ahead.Acquired(path);
        return new(_folder.PathOf(checksum), () =>
        {
            _folder.Touch(checksum);
            pin.Dispose();
            _ahead.Released();
        });
    }

    /// <summary>Takes a file as <see cref="AcquireAsync"/> does.</summary>
    /// <param name="path">Its path in the corpus.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public CachedFile Acquire(string path, CancellationToken cancellation = default) => AcquireAsync(path, cancellation).GetAwaiter().GetResult();

    /// <summary>Stops what goes on in the background; a part of a file stays for the next run to go on from.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _ahead.StopAsync().ConfigureAwait(false);
        Task<FileStream>[] running;
        lock (_gate)
            running = [.. _running.Values];

        await Task.WhenAll(running.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default))).ConfigureAwait(false);
        _end.Dispose();
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
                // The file is fetched on, but nobody holds it.
                _ = fetch.ContinueWith(done => done.Result.Dispose(), default, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }
            catch (CacheFullException) when (_ahead.GiveUpOne())
            {
                // What was fetched ahead gives way to what is needed now.
            }
        }
    }

    /// <summary>A pin of a file that is fetched once, however many ask for it.</summary>
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

    /// <summary>Gets where it lies. It must not be changed.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

/// <summary>What a cache has done so far. Any thread may call.</summary>
public sealed class CacheCounters
{
    private long _bytes;
    private long _retries;
    private long _hits;
    private long _misses;

    /// <summary>Gets the bytes that came from the source.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets the tries that failed and were followed by another.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Gets how often a file was there when it was asked for.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Gets how often one had to be waited for.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    internal void Fetched(int bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void Retried() => Interlocked.Increment(ref _retries);

    internal void Hit() => Interlocked.Increment(ref _hits);

    internal void Missed() => Interlocked.Increment(ref _misses);
}
