using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Base;

namespace Mimir.Corpus;

/// <summary>The file that is written last: with what options a corpus was made, and what belongs to it.</summary>
internal sealed record CorpusManifest
{
    /// <summary>The name of the file in the corpus.</summary>
    public const string FileName = "corpus.json";

    /// <summary>The version of how corpora are made: another version makes other bytes of the same options.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Gets the version.</summary>
    public required int Format { get; init; }

    /// <summary>Gets the options, the folder apart.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>Gets the number of distributions.</summary>
    public required int PdfCount { get; init; }

    /// <summary>Gets what the parts hold.</summary>
    public required IReadOnlyList<SetSummary> Sets { get; init; }

    /// <summary>Gets the SHA-256 of every file but the audio, by path.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Writes the manifest of a corpus that is otherwise whole.</summary>
    public static void Write(string root, MandarinDigitsOptions options, int pdfCount, IReadOnlyList<SetSummary> sets)
    {
        var manifest = new CorpusManifest
        {
            Format = CurrentFormat,
            Options = Element(options),
            PdfCount = pdfCount,
            Sets = sets,
            Files = new SortedDictionary<string, string>(ListFiles(root).ToDictionary(path => path, path => Hash(root, path)), StringComparer.Ordinal),
        };
        AtomicFile.WriteText(Path.Combine(root, FileName), JsonSerializer.Serialize(manifest, CorpusJson.Default.CorpusManifest) + "\n");
    }

    /// <summary>Reads the manifest of a folder; null when there is none that can be read.</summary>
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

    /// <summary>Says whether a folder holds all that this manifest lists, made with the given options.</summary>
    public bool Describes(string root, MandarinDigitsOptions options) =>
        Format == CurrentFormat
        && JsonElement.DeepEquals(Options, Element(options))
        && Files.All(file => File.Exists(Path.Combine(root, file.Key)) && Hash(root, file.Key) == file.Value)
        && Sets.All(set => AudioIsThere(root, set.Name));

    private static bool AudioIsThere(string root, string set) => File
        .ReadLines(Path.Combine(root, set, "wav.scp"))
        .All(line => File.Exists(Path.Combine(root, line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])));

    private static JsonElement Element(MandarinDigitsOptions options) =>
        JsonSerializer.SerializeToElement(options, CorpusJson.Default.MandarinDigitsOptions);

    private static IEnumerable<string> ListFiles(string root) => Directory
        .EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetExtension(path) != ".flac")
        .Select(path => Path.GetRelativePath(root, path));

    private static string Hash(string root, string path) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, path))));
}

/// <summary>How a corpus' manifest becomes JSON, without reflection, so that the program can be trimmed.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CorpusManifest))]
[JsonSerializable(typeof(MandarinDigitsOptions))]
internal sealed partial class CorpusJson : JsonSerializerContext;
