using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Mimir.Base;
using Mimir.Base.Logging;
using Mimir.Dist.Data.Caching;

namespace Mimir.Dist.Tests.Data.Caching;

/// <summary>The cache in front of a shared folder, and of servers that do not behave.</summary>
public sealed class CorpusCacheTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly ConcurrentQueue<string> _log = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Several_caches_share_a_folder_and_fetch_each_file_once()
    {
        var source = Share(("a", 3_000_000), ("sub/b", 200_000));
        var caches = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(source)));

        await Task.WhenAll(caches.Select(async cache =>
        {
            foreach (var path in (string[])["a", "sub/b", "a"])
            {
                using var file = await cache.AcquireAsync(path);
                Assert.Equal(new FileInfo(source.NameOf(path)).Length, new FileInfo(file.Path).Length);
            }
        }));

        Assert.Equal(3_200_000, caches.Sum(cache => cache.Counters.Bytes));
        foreach (var cache in caches)
            await cache.DisposeAsync();
    }

    [Fact]
    public async Task What_one_cache_uses_another_does_not_throw_out()
    {
        var source = Share(("a", 100_000), ("b", 100_000));
        await using var one = await OpenAsync(source, limit: 150_000);
        await using var other = await OpenAsync(source, limit: 150_000);
        using (var a = one.Acquire("a"))
        {
            await Assert.ThrowsAsync<CacheFullException>(() => other.AcquireAsync("b"));
            Assert.True(File.Exists(a.Path));
        }

        using var b = other.Acquire("b");
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(b.Path)!));
    }

    [Fact]
    public async Task What_somebody_else_keeps_in_the_folder_is_not_thrown_out()
    {
        var source = Share(("a", 100_000), ("b", 100_000));
        await using var cache = await OpenAsync(source, limit: 150_000);
        string place;
        using (var a = cache.Acquire("a"))
            place = Path.GetDirectoryName(a.Path)!;
        string[] mine = [Path.Combine(place, "thesis"), Path.Combine(place, "notes.part"), Path.Combine(place, new string('x', 64))];
        Array.ForEach(mine, file => File.WriteAllBytes(file, new byte[100_000]));

        using var b = cache.Acquire("b");

        Assert.All(mine, file => Assert.True(File.Exists(file), file));
        Assert.Equal(4, Directory.GetFiles(place).Length);
    }

    [Theory]
    [InlineData("a byte")]
    [InlineData("cut short")]
    [InlineData("empty")]
    [InlineData("longer")]
    public async Task A_file_that_is_damaged_in_the_cache_is_fetched_again_and_told(string damage)
    {
        var source = Share(("a", 300_000));
        string place;
        await using (var before = await OpenAsync(source))
        {
            using var file = before.Acquire("a");
            place = file.Path;
        }

        var time = File.GetLastWriteTimeUtc(place);
        using (var file = File.OpenWrite(place))
        {
            file.Seek(damage == "longer" ? file.Length : 1000, SeekOrigin.Begin);
            file.WriteByte((byte)~File.ReadAllBytes(source.NameOf("a"))[1000]);
            if (damage is "cut short" or "empty")
                file.SetLength(damage == "empty" ? 0 : 1000);
        }

        File.SetLastWriteTimeUtc(place, time);
        await using var cache = await OpenAsync(source);
        cache.Prefetch(["a"]);
        using (var mended = cache.Acquire("a"))
            Assert.Equal(File.ReadAllBytes(source.NameOf("a")), File.ReadAllBytes(mended.Path));
        using var again = cache.Acquire("a");

        Assert.Equal((1, 300_000), (cache.Counters.Damaged, cache.Counters.Bytes));
        var line = Assert.Single(_log, line => line.Contains("damaged", StringComparison.Ordinal));
        Assert.StartsWith("cache: a is damaged here", line, StringComparison.Ordinal);
        Assert.Contains(place, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_or_damaged_manifest_is_named()
    {
        var source = Share(("a", 10));
        File.WriteAllText(source.NameOf("SHA256SUMS"), $"{new string('0', 64)}  ../secret\n");
        var damaged = await Assert.ThrowsAsync<InputException>(() => OpenAsync(source));
        File.Delete(source.NameOf("SHA256SUMS"));
        var missing = await Assert.ThrowsAsync<SourceException>(() => OpenAsync(source));

        Assert.StartsWith($"{source.NameOf("SHA256SUMS")}:1: expected a SHA-256", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("is the shared folder mounted", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_gives_nothing_is_given_up_with_its_address()
    {
        using var handler = new Handler(_ => Respond(HttpStatusCode.OK, new SilentStream(), length: 100));
        using var source = new Both(Share(("a", 100)), new HttpSource(new("http://host/corpus"), handler));
        await using var cache = await OpenAsync(source, silence: 0.2);

        var error = await Assert.ThrowsAsync<SourceException>(() => cache.AcquireAsync("a"));

        Assert.StartsWith("http://host/corpus/a: no byte for 0.2 s; ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("(given up after 3 tries)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_gives_another_range_than_asked_for_spoils_nothing()
    {
        var share = Share(("a", 1000));
        var content = File.ReadAllBytes(share.NameOf("a"));
        var asked = 0;
        using var handler = new Handler(_ =>
        {
            // First half of it; then, asked for the rest, the wrong rest; then all.
            asked++;
            var response = asked == 2
                ? Respond(HttpStatusCode.PartialContent, new MemoryStream(content, 700, 300), length: 300)
                : Respond(HttpStatusCode.OK, new MemoryStream(content, 0, asked == 1 ? 500 : 1000), length: 1000);
            if (asked == 2)
                response.Content.Headers.ContentRange = new(700, 999, 1000);
            return response;
        });
        using var source = new Both(share, new HttpSource(new("http://host"), handler));
        await using var cache = await OpenAsync(source);

        using var file = await cache.AcquireAsync("a");

        Assert.Equal(content, File.ReadAllBytes(file.Path));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_server_that_does_not_say_how_long_a_file_is_or_has_a_bad_certificate_is_refused()
    {
        var share = Share(("a", 10));
        using var endless = new Handler(_ => Respond(HttpStatusCode.OK, new MemoryStream(new byte[10]), length: null));
        using var insecure = new Handler(_ => throw new HttpRequestException(HttpRequestError.SecureConnectionError, "untrusted"));

        await using var first = await OpenAsync(new Both(share, new HttpSource(new("http://host"), endless)));
        await using var second = await OpenAsync(new Both(share, new HttpSource(new("https://host"), insecure)));

        var silent = await Assert.ThrowsAsync<SourceException>(() => first.AcquireAsync("a"));
        Assert.Contains("does not say how long", silent.Message, StringComparison.Ordinal);
        Assert.Contains(
            "certificate", (await Assert.ThrowsAsync<SourceException>(() => second.AcquireAsync("a"))).Message, StringComparison.Ordinal);
        Assert.Equal(0, second.Counters.Retries);
        Assert.Throws<InputException>(() => new HttpSource(new("ftp://host/")));
        Assert.IsType<HttpSource>(CorpusCache.SourceOf("HTTPS://host/corpus"));
        Assert.IsType<FolderSource>(CorpusCache.SourceOf("/mnt/corpus"));
    }

    [Fact]
    public async Task A_wait_that_is_given_up_leaves_nothing_in_use()
    {
        var share = Share(("a", 100));
        using var handler = new Handler(_ => Respond(HttpStatusCode.OK, new SilentStream(), length: 100));
        await using var cache = await OpenAsync(new Both(share, new HttpSource(new("http://host"), handler)));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.AcquireAsync("a", stop.Token));
    }

    [Fact]
    public void Pauses_double_up_to_a_limit_and_repeat_with_their_seed()
    {
        var (one, same, other) = (Pauses(7), Pauses(7), Pauses(8));

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.All(one.Index(), pair => Assert.InRange(pair.Item, Math.Min(8, 1 << pair.Index) / 2.0, Math.Min(8, 1 << pair.Index)));

        static List<double> Pauses(ulong seed)
        {
            var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), seed);
            return [.. Enumerable.Range(1, 6).Select(failures => backoff.After(failures).TotalSeconds)];
        }
    }

    private FolderSource Share(params (string Path, int Bytes)[] files)
    {
        var root = Path.Combine(_folder.FullName, "share");
        var sums = files.Select(file =>
        {
            var path = Path.Combine(root, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var content = RandomNumberGenerator.GetBytes(file.Bytes);
            File.WriteAllBytes(path, content);
            return $"{Convert.ToHexString(SHA256.HashData(content))} *./{file.Path}";
        }).ToList();
        File.WriteAllLines(Path.Combine(root, "SHA256SUMS"), sums);
        return new(root);
    }

    private Task<CorpusCache> OpenAsync(ICorpusSource source, long limit = 1 << 30, double silence = 30) =>
        CorpusCache.OpenAsync(source, new()
        {
            Folder = Path.Combine(_folder.FullName, "cache"),
            Limit = limit,
            Tries = 3,
            FirstPause = TimeSpan.FromMilliseconds(1),
            Silence = TimeSpan.FromSeconds(silence),
            Logger = new LineLogger(_log.Enqueue),
        });

    private static HttpResponseMessage Respond(HttpStatusCode status, Stream content, long? length)
    {
        var response = new HttpResponseMessage(status) { Content = new StreamContent(new Unseekable(content)) };
        response.Headers.ETag = new("\"one\"");
        response.Content.Headers.ContentLength = length;
        return response;
    }

    /// <summary>The manifest of one source, the files of another.</summary>
    private sealed class Both(ICorpusSource manifest, ICorpusSource files) : ICorpusSource
    {
        public string NameOf(string path) => files.NameOf(path);

        public Task<SourceContent> OpenAsync(string path, long offset, string? version, CancellationToken cancellation) =>
            (path == CorpusManifest.FileName ? manifest : files).OpenAsync(path, offset, version, cancellation);

        public void Dispose() => files.Dispose();
    }

    private sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage> respond) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(respond(request));
    }

    /// <summary>A stream that never gives a byte.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    /// <summary>Hides a stream's length, as a connection does.</summary>
    private sealed class Unseekable(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
