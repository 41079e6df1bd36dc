namespace Mimir.Dist.Data.Caching;

/// <summary>Reads a file of a source into memory: the manifest, which must be known before anything can be checked.</summary>
internal static class SmallFile
{
    private const long Maximum = 256 << 20;

    public static async Task<byte[]> ReadAsync(ICorpusSource source, string path, CacheOptions options, CancellationToken cancellation)
    {
        var pauses = new Backoff(options.FirstPause, options.LongestPause, options.Seed);
        for (var failures = 1; ; failures++)
        {
            SourceException problem;
            try
            {
                return await ReadOnceAsync(source, path, options, cancellation).ConfigureAwait(false);
            }
            catch (SourceException error) when (error.Passing && failures < options.Tries)
            {
                problem = error;
            }

            var pause = pauses.After(failures);
            options.Log($"cache: {problem.Message}; tried again in {pause.TotalSeconds:0.00} s");
            await Task.Delay(pause, options.Time, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<byte[]> ReadOnceAsync(ICorpusSource source, string path, CacheOptions options, CancellationToken cancellation)
    {
        var name = source.NameOf(path);
        using var clock = new CancellationTokenSource(options.Silence, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, clock.Token);
        try
        {
            using var content = await source.OpenAsync(path, 0, null, either.Token).ConfigureAwait(false);
            if (content.Length > Maximum)
                throw new SourceException($"{name}: has {content.Length} bytes, more than a manifest can; is it one?", passing: false);

            var bytes = new byte[content.Length];
            await content.Stream.ReadExactlyAsync(bytes, either.Token).ConfigureAwait(false);
            return bytes;
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            var silence = options.Silence.TotalSeconds;
            throw new SourceException($"{name}: not there after {silence:0.#} s; is the server overloaded?", passing: true, error);
        }
        catch (Exception error) when (error is not SourceException && error is IOException or HttpRequestException)
        {
            throw new SourceException($"{name}: the connection ended: {error.Message}", passing: true, error);
        }
    }
}
