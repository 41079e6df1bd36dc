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

    /// <summary>Gets where this was read.</summary>
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
                    $"{origin}:{index + 1}: expected a SHA-256, two spaces and a path in the corpus as sha256sum writes them, got '{line}'");
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
