using Mimir.Base;

namespace Mimir.Dist.Data.Caching;

/// <summary>The files of a corpus and their SHA-256, as <c>sha256sum</c> writes them.</summary>
/// <remarks>To be made with <c>find . -type f ! -name SHA256SUMS -printf '%P\0' | xargs -0 sha256sum > SHA256SUMS</c>.</remarks>
public sealed class CorpusManifest
{
    /// <summary>The name of the file in the corpus.</summary>
    public const string FileName = "SHA256SUMS";

    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    private CorpusManifest(string origin) => Origin = origin;

    /// <summary>Gets the full name of the manifest.</summary>
    public string Origin { get; }

    /// <summary>Gets the checksums by path: 64 hexadecimal digits in lower case.</summary>
    public IReadOnlyDictionary<string, string> Files => _files;

    /// <summary>Reads the lines of a manifest.</summary>
    /// <param name="origin">The full name of the manifest.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="InputException">A line is not a checksum and a path inside the corpus.</exception>
    public static CorpusManifest Parse(string origin, string text)
    {
        var manifest = new CorpusManifest(origin);
        foreach (var (index, raw) in text.Split('\n').Index())
        {
            var line = raw.TrimEnd('\r');
            if (line.Length == 0)
                continue;

            // 'hash', a space, a space or the star of binary mode, 'path'.
            var path = line.Length > 66 && line[64] == ' ' && line[65] is ' ' or '*' ? line[66..] : "";
            path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
            if (path.Length == 0 || !line[..64].All(char.IsAsciiHexDigit) || path.Split('/').Any(part => part is "" or "." or ".."))
            {
                throw new InputException(
                    $"{origin}:{index + 1}: expected a SHA-256, two spaces and a path in the corpus as sha256sum writes them, "
                    + $"got '{line}'");
            }


            manifest._files[path] = line[..64].ToLowerInvariant();
        }

        return manifest;
    }

    /// <summary>The checksum of a file.</summary>
    /// <param name="path">Its path in the corpus.</param>
    /// <exception cref="FileNotFoundException">The manifest has no such file.</exception>
    public string ChecksumOf(string path) => _files.TryGetValue(path, out var checksum)
        ? checksum
        : throw new FileNotFoundException($"{path}: not in {Origin}; add it there with sha256sum", path);
}

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
            Log.ReadRetried(options.Logger, problem.Message, pause.TotalSeconds);
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
