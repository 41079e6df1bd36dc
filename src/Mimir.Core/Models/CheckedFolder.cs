using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Base;

namespace Mimir.Core.Models;

/// <summary>A folder of files with their checksums that appears, and is replaced, in one piece.</summary>
public static partial class CheckedFolder
{
    /// <summary>The file that holds the checksums.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>Writes the files to a folder beside the target and then puts that in its place.</summary>
    /// <param name="path">The folder to create or replace; its parent must exist.</param>
    /// <param name="files">The writer of each file, by file name.</param>
    /// <exception cref="IOException">
    /// The disk is full, the parent cannot be written, or the old folder has files of somebody else; it is untouched.
    /// </exception>
    public static void Write(string path, IReadOnlyDictionary<string, Action<Stream>> files)
    {
        RefuseOthers(path);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);

        Directory.CreateDirectory(beside);
        try
        {
            var entries = new SortedDictionary<string, ManifestEntry>(StringComparer.Ordinal);
            foreach (var (name, write) in files)
            {
                AtomicFile.Write(Path.Combine(beside, name), write);
                entries[name] = Describe(Path.Combine(beside, name));
            }

            var json = JsonSerializer.Serialize(entries, ManifestJson.Plain.SortedDictionaryStringManifestEntry);
            AtomicFile.WriteText(Path.Combine(beside, Manifest), json + "\n");
            PutInPlace(beside, path);
        }
        finally
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
        }
    }

    /// <summary>Checks every file of a folder against its checksum.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The full path of each file, by name.</returns>
    /// <exception cref="FileNotFoundException">The folder, its manifest or a file of it is missing.</exception>
    /// <exception cref="InputException">A file has other bytes than were written.</exception>
    public static IReadOnlyDictionary<string, string> Open(string path)
    {
        var manifest = Path.Combine(path, Manifest);
        if (!File.Exists(manifest))
            throw new FileNotFoundException($"{path}: expected a folder with {Manifest}, which is written last; there is none.", manifest);

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, expected) in ReadManifest(manifest))
        {
            var file = Path.Combine(path, name);
            if (!File.Exists(file))
                throw new FileNotFoundException($"{file}: {Manifest} names it, but it is missing.", file);
            if (Describe(file) != expected)
            {
                throw new InputException(
                    $"{file}: expected the {expected.Bytes} bytes that were written, got {new FileInfo(file).Length} others: "
                    + "the file is damaged; take another copy or checkpoint");
            }

            files.Add(name, file);
        }

        return files;
    }

    /// <summary>Throws when a folder has files that <see cref="Write"/> did not write there.</summary>
    /// <param name="path">The folder; it need not exist.</param>
    /// <exception cref="IOException">It has; the message names some of them.</exception>
    public static void RefuseOthers(string path)
    {
        if (!Directory.Exists(path))
            return;

        var own = OwnFiles(path);
        var there = Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry));
        ForeignFiles.Refuse(path, [.. there.Where(name => !own.Contains(name))], "Mimir has not");
    }

    /// <summary>Removes the files that <see cref="Write"/> wrote, and the folder when nothing else is in it.</summary>
    /// <param name="path">The folder; it need not exist.</param>
    public static void Remove(string path)
    {
        if (!Directory.Exists(path))
            return;

        foreach (var name in OwnFiles(path))
            File.Delete(Path.Combine(path, name));
        if (!Directory.EnumerateFileSystemEntries(path).Any())
            Directory.Delete(path);
    }

    // A damaged manifest is still ours; what it listed is not known.
    private static HashSet<string> OwnFiles(string path)
    {
        var manifest = Path.Combine(path, Manifest);
        try
        {
            return File.Exists(manifest) ? [.. ReadManifest(manifest).Keys, Manifest] : [];
        }
        catch (InputException)
        {
            return [Manifest];
        }
    }

    private static SortedDictionary<string, ManifestEntry> ReadManifest(string manifest)
    {
        try
        {
            var text = File.ReadAllText(manifest);
            var entries = JsonSerializer.Deserialize(text, ManifestJson.Plain.SortedDictionaryStringManifestEntry) ?? [];
            return entries.Keys.All(name => Path.GetFileName(name) == name)
                ? entries
                : throw new InputException($"{manifest}: expected names of files beside it, got a path");
        }
        catch (JsonException error)
        {
            throw new InputException($"{manifest}:{error.LineNumber + 1}: expected checksums, got a fault: {error.Message}", error);
        }
    }

    private static ManifestEntry Describe(string file)
    {
        using var stream = File.OpenRead(file);
        return new ManifestEntry(Convert.ToHexStringLower(SHA256.HashData(stream)), stream.Length);
    }

    private static void PutInPlace(string beside, string path)
    {
        if (!Directory.Exists(path))
        {
            Directory.Move(beside, path);
        }
        else if (!TryExchange(beside, path))
        {
            var old = path + ".old";
            if (Directory.Exists(old))
                Directory.Delete(old, recursive: true);

            Directory.Move(path, old);
            Directory.Move(beside, path);
            Directory.Delete(old, recursive: true);
        }

        AtomicFile.FlushFolder(Path.GetDirectoryName(path) ?? path);
    }

    // Swaps two folders in one step, where the system can; the old content is then beside, and is deleted.
    private static bool TryExchange(string left, string right)
    {
        const int CurrentFolder = -100;
        const uint Exchange = 2;
        return OperatingSystem.IsLinux() && RenameAt2(CurrentFolder, left, CurrentFolder, right, Exchange) == 0;
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);
}

/// <summary>A file in a manifest.</summary>
/// <param name="Sha256">Its checksum in lower-case hexadecimal.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record ManifestEntry(string Sha256, long Bytes);

/// <summary>The JSON form of manifests, generated at build time so that the program can be trimmed.</summary>
[JsonSerializable(typeof(SortedDictionary<string, ManifestEntry>))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>Gets the form with lower-case names and indents.</summary>
    public static ManifestJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });
}
