namespace Mimir.Dist.Data.Caching;

/// <summary>Prefetches files in the background, and holds each until it was acquired.</summary>
internal sealed class Prefetcher
{
    // Other processes release files too, without a notice to this one.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Func<string, Task<FileStream>> _fetch;
    private readonly CacheOptions _options;
    private readonly CancellationToken _end;
    private readonly LinkedList<string> _wanted = [];
    private readonly Dictionary<string, FileStream?> _held = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _order = [];
    private readonly List<Task> _workers = [];
    private int _busy;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Prefetcher(Func<string, Task<FileStream>> fetch, CacheOptions options, CancellationToken end) =>
        (_fetch, _options, _end) = (fetch, options, end);

    public void Add(IEnumerable<string> paths)
    {
        lock (_gate)
        {
            foreach (var path in paths)
            {
                if (_held.TryAdd(path, null))
                    _wanted.AddLast(path);
            }

            // Workers end when there is nothing to do.
            _workers.RemoveAll(worker => worker.IsCompleted);
            for (; _busy < Math.Min(_options.Streams, _wanted.Count); _busy++)
                _workers.Add(Task.Run(WorkAsync));
        }
    }

    /// <summary>Releases a file that a caller holds now.</summary>
    public void Acquired(string path)
    {
        lock (_gate)
        {
            _wanted.Remove(path);
            Forget(path);
        }
    }

    /// <summary>Announces that there may be room now.</summary>
    public void Released()
    {
        lock (_gate)
        {
            _released.TrySetResult();
            _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Releases the file that would be needed last; false when none is held.</summary>
    public bool ReleaseOne()
    {
        lock (_gate)
        {
            if (_order.Last is not { } last)
                return false;

            Forget(last.Value);
            return true;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _wanted.Clear();
            foreach (var path in _held.Keys.ToList())
                Forget(path);
        }

        Released();
    }

    public async Task StopAsync()
    {
        Clear();
        Task[] workers;
        lock (_gate)
            workers = [.. _workers];

        await Task.WhenAll(workers).ConfigureAwait(false);
        Clear();
    }

    private async Task WorkAsync()
    {
        while (Next(out var released) is { } path)
        {
            try
            {
                Hold(path, await _fetch(path).ConfigureAwait(false));
            }
            catch (CacheFullException)
            {
                PutBack(path);
                await Task.WhenAny(released, Task.Delay(PollInterval, _options.Time, _end)).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The cache is closed; the next turn ends.
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The caller that acquires it tries again and gets the error.
                Log.FetchAheadFailed(_options.Logger, error.Message);
                lock (_gate)
                    Forget(path);
            }
        }
    }

    private string? Next(out Task released)
    {
        lock (_gate)
        {
            released = _released.Task;
            if (_end.IsCancellationRequested || _wanted.First is not { } first)
            {
                _busy--;
                return null;
            }

            _wanted.RemoveFirst();
            return first.Value;
        }
    }

    private void PutBack(string path)
    {
        lock (_gate)
        {
            if (_held.ContainsKey(path))
                _wanted.AddFirst(path);
        }
    }

    private void Hold(string path, FileStream pin)
    {
        lock (_gate)
        {
            // Acquired or given up meanwhile.
            if (!_held.ContainsKey(path))
            {
                pin.Dispose();
                return;
            }

            _held[path] = pin;
            _order.AddLast(path);
        }
    }

    private void Forget(string path)
    {
        if (_held.Remove(path, out var pin))
            pin?.Dispose();
        _order.Remove(path);
    }
}
