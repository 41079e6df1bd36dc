using System.Collections.Concurrent;
using Mimir.Base.Logging;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Caching;

namespace Mimir.Dist.Tests.Data.Caching;

/// <summary>The cache in front of a real web server.</summary>
public sealed class HttpCacheTests : IClassFixture<Nginx>, IDisposable
{
    private readonly Nginx _nginx;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly ConcurrentQueue<string> _log = [];

    public HttpCacheTests(Nginx nginx)
    {
        _nginx = nginx;
        if (Nginx.Program is not null)
            nginx.Busy(false);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [NginxFact]
    public async Task A_file_is_fetched_once_and_found_again_by_the_next_run()
    {
        _nginx.Serve(("feats/a b+1%.ark", 300_000), ("empty.ark", 0));
        for (var run = 0; run < 2; run++)
        {
            await using var cache = await OpenAsync(_nginx.Address);
            using var file = await cache.AcquireAsync("feats/a b+1%.ark");
            using var empty = await cache.AcquireAsync("empty.ark");

            Assert.Equal(_nginx.Content("feats/a b+1%.ark"), await File.ReadAllBytesAsync(file.Path));
            Assert.Empty(await File.ReadAllBytesAsync(empty.Path));
            Assert.Equal(run == 0 ? 300_000 : 0, cache.Counters.Bytes);
            Assert.Equal((run * 2, 2 - (run * 2)), (cache.Counters.Hits, cache.Counters.Misses));
        }
    }

    [NginxFact]
    public async Task A_connection_cut_in_the_middle_is_gone_on_with_by_ranges()
    {
        _nginx.Serve(("a.ark", 400_000));
        using var proxy = new CuttingProxy(_nginx.Port, [100_000, 5, 150_000]);
        await using var cut = await OpenAsync(proxy.Address, manifestToo: false);

        using var file = await cut.AcquireAsync("a.ark");

        Assert.Equal(_nginx.Content("a.ark"), await File.ReadAllBytesAsync(file.Path));
        Assert.Equal(400_000, cut.Counters.Bytes);
        Assert.Equal(3, proxy.Cuts);
        var address = proxy.Address.ToString();
        Assert.Contains(
            _log,
            line => line.Contains("the connection ended after", StringComparison.Ordinal)
                && line.Contains(address, StringComparison.Ordinal));
        Assert.Contains(_nginx.Requests, line => line.Contains("\" 206 ", StringComparison.Ordinal));
    }

    [NginxFact]
    public async Task A_part_left_by_a_run_that_was_stopped_is_gone_on_with()
    {
        _nginx.Serve(("a.ark", 400_000));
        using var proxy = new CuttingProxy(_nginx.Port, [200_000]);
        long before;
        await using (var first = await OpenAsync(proxy.Address, manifestToo: false, options => options with { Tries = 1 }))
        {
            await Assert.ThrowsAsync<SourceException>(() => first.AcquireAsync("a.ark"));
            before = first.Counters.Bytes;
        }

        await using var cache = await OpenAsync(proxy.Address, manifestToo: false);
        using var file = await cache.AcquireAsync("a.ark");

        Assert.InRange(before, 150_000, 200_000);
        Assert.Equal(_nginx.Content("a.ark"), await File.ReadAllBytesAsync(file.Path));
        Assert.Equal(400_000 - before, cache.Counters.Bytes);
    }

    [NginxFact]
    public async Task A_wrong_checksum_is_fetched_again_once_and_then_refused()
    {
        _nginx.Serve(("a.ark", 50_000));
        await using var cache = await OpenAsync(_nginx.Address);
        var bytes = _nginx.Content("a.ark");
        bytes[777] ^= 1;
        await File.WriteAllBytesAsync(_nginx.At("a.ark"), bytes);

        var error = await Assert.ThrowsAsync<SourceException>(() => cache.AcquireAsync("a.ark"));

        Assert.Contains($"{_nginx.Address}a.ark: its SHA-256 is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("make the manifest anew", error.Message, StringComparison.Ordinal);
        Assert.Equal(100_000, cache.Counters.Bytes);
        Assert.All(
            Directory.GetFiles(Path.Combine(_folder.FullName, "files")), name => Assert.Contains(".part", name, StringComparison.Ordinal));
    }

    [NginxFact]
    public async Task What_is_not_there_is_said_at_once_with_its_address()
    {
        _nginx.Serve(("a.ark", 10));
        await using var cache = await OpenAsync(_nginx.Address);
        File.Delete(_nginx.At("a.ark"));

        var error = await Assert.ThrowsAsync<SourceException>(() => cache.AcquireAsync("a.ark"));

        Assert.StartsWith($"{_nginx.Address}a.ark: 404 Not Found; ", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, cache.Counters.Retries);
        await Assert.ThrowsAsync<FileNotFoundException>(() => cache.AcquireAsync("b.ark"));
    }

    [NginxFact]
    public async Task A_busy_server_is_asked_again_until_it_answers()
    {
        _nginx.Serve(("a.ark", 10));
        await using var cache = await OpenAsync(_nginx.Address, change: options => options with
        {
            Logger = new LineLogger(line =>
            {
                _log.Enqueue(line);
                if (_log.Count == 3)
                    _nginx.Busy(false);
            }),
        });
        _nginx.Busy(true);

        using var file = await cache.AcquireAsync("a.ark");

        Assert.Equal(3, cache.Counters.Retries);
        Assert.All(_log, line => Assert.Contains("503", line, StringComparison.Ordinal));
        _nginx.Busy(true);
        await using var impatient = await OpenAsync(
            _nginx.Address, manifestToo: false, options => options with { Folder = Path.Combine(_folder.FullName, "other"), Tries = 3 });
        var error = await Assert.ThrowsAsync<SourceException>(() => impatient.AcquireAsync("a.ark"));
        Assert.Contains("given up after 3 tries", error.Message, StringComparison.Ordinal);
    }

    [NginxFact]
    public async Task A_file_that_changes_between_two_ranges_is_fetched_from_the_beginning()
    {
        _nginx.Serve(("a.ark", 300_000));
        var (old, later) = (_nginx.Content("a.ark"), DateTime.UtcNow.AddHours(1));
        var changed = old.Reverse().ToArray();
        await File.WriteAllBytesAsync(_nginx.At("a.ark"), changed);
        using var proxy = new CuttingProxy(_nginx.Port, [100_000], _ =>
        {
            File.WriteAllBytes(_nginx.At("a.ark"), old);
            File.SetLastWriteTimeUtc(_nginx.At("a.ark"), later);
        });
        await using var cache = await OpenAsync(proxy.Address, manifestToo: false);

        using var file = await cache.AcquireAsync("a.ark");

        Assert.Equal(old, await File.ReadAllBytesAsync(file.Path));
        Assert.InRange(cache.Counters.Bytes, 350_000, 400_000);
    }

    [NginxFact]
    public async Task A_certificate_that_nobody_knows_is_refused_at_once_and_a_known_one_is_not()
    {
        _nginx.Serve(("a", 1000));
        using var knowing = new SocketsHttpHandler();
        knowing.SslOptions.RemoteCertificateValidationCallback =
            (_, certificate, _, _) => certificate?.GetCertHashString() == _nginx.Thumbprint;
        using var source = new HttpSource(_nginx.SecureAddress, knowing);
        await using var cache = await CorpusCache.OpenAsync(source, Options());

        using var file = await cache.AcquireAsync("a");
        var error = await Assert.ThrowsAsync<SourceException>(() => OpenAsync(_nginx.SecureAddress));

        Assert.Equal(_nginx.Content("a"), await File.ReadAllBytesAsync(file.Path));
        Assert.Contains("is its certificate known to this machine?", error.Message, StringComparison.Ordinal);
        Assert.Empty(_log);
    }

    [NginxFact]
    public async Task A_full_cache_throws_out_what_was_used_longest_ago_and_never_what_is_in_use()
    {
        _nginx.Serve(("a", 100_000), ("b", 100_000), ("c", 100_000), ("d", 300_000));
        await using var cache = await OpenAsync(_nginx.Address, change: options => options with { Limit = 250_000 });
        var a = await cache.AcquireAsync("a");
        (await cache.AcquireAsync("b")).Dispose();

        var c = await cache.AcquireAsync("c");

        Assert.True(File.Exists(a.Path));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(a.Path)!, cache.Manifest.ChecksumOf("b"))));
        var full = await Assert.ThrowsAsync<CacheFullException>(() => cache.AcquireAsync("b"));
        Assert.Contains("200.0 kB of the 250.0 kB", full.Message, StringComparison.Ordinal);
        var tooLarge = await Assert.ThrowsAsync<CacheFullException>(() => cache.AcquireAsync("d"));
        Assert.Contains("holds 250.0 kB", tooLarge.Message, StringComparison.Ordinal);
        a.Dispose();
        (await cache.AcquireAsync("b")).Dispose();
        Assert.True(File.Exists(c.Path));
        Assert.False(File.Exists(a.Path));
        c.Dispose();
    }

    [NginxFact]
    public async Task What_the_next_leases_need_is_fetched_in_the_background()
    {
        _nginx.Serve(("a", 100_000), ("b", 100_000), ("c", 100_000), ("d", 100_000));
        var stalls = new StallMeter(TimeProvider.System);
        await using var cache = await OpenAsync(_nginx.Address, change: options => options with { Limit = 250_000 }, stalls: stalls);

        // Two fit; the third waits until one was used.
        cache.Prefetch(["a", "b", "c"]);
        await UntilAsync(() => cache.Counters.Bytes >= 200_000);
        (await cache.AcquireAsync("a")).Dispose();
        await UntilAsync(() => cache.Counters.Bytes >= 300_000);
        await UntilAsync(() => Directory.GetFiles(Path.Combine(_folder.FullName, "files"), "*.part").Length == 0);
        (await cache.AcquireAsync("b")).Dispose();
        using (await cache.AcquireAsync("c"))
        {
            Assert.Equal((3, 0), (cache.Counters.Hits, cache.Counters.Misses));
            Assert.Equal(TimeSpan.Zero, stalls.Stalled);

            // What is needed now goes before what was fetched ahead.
            cache.Prefetch(["b"]);
            using var d = await cache.AcquireAsync("d");
            Assert.True(stalls.Stalled > TimeSpan.Zero);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await Task.Delay(20);

        Assert.True(condition());
    }

    private CacheOptions Options() => new()
    {
        Folder = _folder.FullName,
        FirstPause = TimeSpan.FromMilliseconds(4),
        LongestPause = TimeSpan.FromMilliseconds(20),
        Logger = new LineLogger(_log.Enqueue),
    };

    private Task<CorpusCache> OpenAsync(
        Uri address, bool manifestToo = true, Func<CacheOptions, CacheOptions>? change = null, StallMeter? stalls = null)
    {
        var options = change?.Invoke(Options()) ?? Options();
        ICorpusSource source = manifestToo
            ? new HttpSource(address)
            : new ManifestElsewhere(new HttpSource(address), Path.GetDirectoryName(_nginx.At("SHA256SUMS"))!);
        return CorpusCache.OpenAsync(source, options, stalls);
    }

    /// <summary>Takes the manifest from the folder, so that the connections count for the other files alone.</summary>
    private sealed class ManifestElsewhere(ICorpusSource inner, string folder) : ICorpusSource
    {
        public string NameOf(string path) => inner.NameOf(path);

        public Task<SourceContent> OpenAsync(string path, long offset, string? version, CancellationToken cancellation) =>
            path == CorpusManifest.FileName
                ? new FolderSource(folder).OpenAsync(path, offset, version, cancellation)
                : inner.OpenAsync(path, offset, version, cancellation);

        public void Dispose() => inner.Dispose();
    }
}
