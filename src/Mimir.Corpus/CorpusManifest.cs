using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Corpus;

/// <summary>The manifest of a corpus, the file that is written last: its options and its files.</summary>
internal sealed record CorpusManifest
{
    /// <summary>The name of the file in the corpus.</summary>
    public const string FileName = "corpus.json";

    /// <summary>The version of synthesis: another version gives other bytes for the same options.</summary>
    public const int CurrentFormat = 1;

    private const string AudioSuffix = ".flac";

    /// <summary>Gets the version.</summary>
    public required int Format { get; init; }

    /// <summary>Gets the options without the folder.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>Gets the number of pdfs.</summary>
    public required int PdfCount { get; init; }

    /// <summary>Gets the summaries of the sets.</summary>
    public required IReadOnlyList<SetSummary> Sets { get; init; }

    /// <summary>Gets the SHA-256 of every file but the audio, by path.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Writes the manifest of an otherwise complete corpus.</summary>
    public static void Write(string root, MandarinDigitsOptions options, int pdfCount, IReadOnlyList<SetSummary> sets)
    {
        var manifest = new CorpusManifest
        {
            Format = CurrentFormat,
            Options = Element(options),
            PdfCount = pdfCount,
            Sets = sets,
            Files = new SortedDictionary<string, string>(
                ListFiles(root).ToDictionary(path => path, path => Hash(root, path)), StringComparer.Ordinal),
        };
        AtomicFile.WriteText(Path.Combine(root, FileName), JsonSerializer.Serialize(manifest, CorpusJson.Default.CorpusManifest) + "\n");
    }

    /// <summary>Reads the manifest of a folder; null when there is none, or it is damaged.</summary>
    public static CorpusManifest? TryRead(string root)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(root, FileName)), CorpusJson.Default.CorpusManifest);
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lists how a corpus differs from what options would make: other options, changed and missing files.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="options">The options.</param>
    public IReadOnlyList<string> Differences(string root, MandarinDigitsOptions options) =>
        Format == CurrentFormat
            ? [.. OtherOptions(options), .. Damage(root)]
            : [$"it was made by another version of Mimir ({Format}, this one makes {CurrentFormat})"];

    /// <summary>Names the files in the folder of a corpus that do not belong to it.</summary>
    /// <param name="root">The folder.</param>
    public static IReadOnlyList<string> Others(string root)
    {
        var manifest = TryRead(root);
        return
        [
            .. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(root, path))
                .Where(path => manifest is null || (path != FileName && !manifest.Files.ContainsKey(path) && !IsAudio(path))),
        ];
    }

    private static bool IsAudio(string path) => path.StartsWith("wav" + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        && Path.GetExtension(path) == AudioSuffix;

    private IEnumerable<string> OtherOptions(MandarinDigitsOptions options)
    {
        var there = Options.Deserialize(CorpusJson.Default.MandarinDigitsOptions) ?? new();
        return
            from option in Option.Of(typeof(MandarinDigitsOptions))
            where option.Format(there) != option.Format(options)
            select $"{option.Name} is {option.Format(there)} there and {option.Format(options)} here";
    }

    private IEnumerable<string> Damage(string root) =>
    [
        .. Files.Where(file => !File.Exists(Path.Combine(root, file.Key)) || Hash(root, file.Key) != file.Value)
            .Select(file => $"{file.Key} is not as it was made"),
        .. Sets.SelectMany(set => AudioOf(root, set.Name)).Where(path => !File.Exists(Path.Combine(root, path)))
            .Select(path => $"{path} is missing"),
    ];

    private static IEnumerable<string> AudioOf(string root, string set)
    {
        var script = Path.Combine(root, set, "wav.scp");
        return File.Exists(script)
            ? File.ReadLines(script).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
            : [];
    }

    private static JsonElement Element(MandarinDigitsOptions options) =>
        JsonSerializer.SerializeToElement(options, CorpusJson.Default.MandarinDigitsOptions);

    private static IEnumerable<string> ListFiles(string root) => Directory
        .EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetExtension(path) != AudioSuffix)
        .Select(path => Path.GetRelativePath(root, path));

    private static string Hash(string root, string path) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, path))));
}

/// <summary>The JSON form of a manifest, generated by the compiler.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CorpusManifest))]
[JsonSerializable(typeof(MandarinDigitsOptions))]
internal sealed partial class CorpusJson : JsonSerializerContext;
