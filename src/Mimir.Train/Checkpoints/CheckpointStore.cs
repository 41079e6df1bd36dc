using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mimir.Base;

namespace Mimir.Train.Checkpoints;

/// <summary>The checkpoints of a run: folders that are either whole, with a checksum for every file, or not there.</summary>
/// <remarks>
/// A checkpoint holds <c>state.json</c>, one <c>&lt;vector&gt;.f32</c> of little-endian floats for each vector, and
/// <c>manifest.sha256</c> in the form that <c>sha256sum -c</c> reads. It is written in a hidden folder beside its place,
/// flushed to the disk and renamed.
/// </remarks>
public sealed class CheckpointStore
{
    private const string StateFile = "state.json";
    private const string ManifestFile = "manifest.sha256";
    private const string VectorSuffix = ".f32";

    private readonly string _folder;
    private readonly Func<string, Stream> _create;

    /// <summary>Opens the checkpoints of a run.</summary>
    /// <param name="folder">The folder <c>checkpoints/</c> of the run; the first write makes it.</param>
    public CheckpointStore(string folder)
        : this(folder, path => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
    {
    }

    internal CheckpointStore(string folder, Func<string, Stream> create) => (_folder, _create) = (folder, create);

    /// <summary>Lists the checkpoints on the disk, the oldest first; damage shows only when one is read.</summary>
    public IReadOnlyList<CheckpointName> List()
    {
        if (!Directory.Exists(_folder))
            return [];

        var names = new List<CheckpointName>();
        foreach (var folder in Directory.EnumerateDirectories(_folder))
        {
            if (CheckpointName.TryParse(Path.GetFileName(folder), out var name))
                names.Add(name);
        }

        return CheckpointName.Sorted(names);
    }

    /// <summary>Writes a checkpoint and deletes those that are no longer needed.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="keep">The number of checkpoints that stay, this one included.</param>
    /// <returns>The folder written.</returns>
    /// <exception cref="IOException">
    /// The disk is full or the folder cannot be written; the checkpoints that were there are untouched.
    /// </exception>
    public string Write(Checkpoint checkpoint, int keep)
    {
        var name = new CheckpointName(checkpoint.State.Epoch, checkpoint.State.Step);
        var place = PlaceOf(name);
        var beside = Path.Combine(_folder, $".{name}.tmp");
        try
        {
            Directory.CreateDirectory(_folder);
            Remove(beside);
            Directory.CreateDirectory(beside);
            WriteFiles(beside, checkpoint);
            Remove(place);
            Directory.Move(beside, place);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // .NET calls a file beyond the system's limit on sizes an argument out of range.
            TryRemove(beside);
            throw new IOException(
                $"{place}: the checkpoint could not be written ({error.Message}) Free some space and start the same "
                + "command again: it resumes from the checkpoint before.",
                error);
        }

        AtomicFile.FlushFolder(_folder);
        foreach (var expired in CheckpointName.Expired(List(), keep))
            Remove(Path.Combine(_folder, expired.ToString()));

        return place;
    }

    /// <summary>Reads the newest checkpoint that is whole.</summary>
    /// <param name="warn">Receives a line about each wrong one that is passed over.</param>
    /// <param name="before">Only those before this one are read; null for all.</param>
    /// <returns>The checkpoint, or null when there is none.</returns>
    public Checkpoint? ReadNewest(Action<string> warn, CheckpointName? before = null)
    {
        var names = List().Where(name => before is not { } last || name.IsBefore(last)).Reverse().ToList();
        foreach (var (index, name) in names.Index())
        {
            try
            {
                return Read(PlaceOf(name));
            }
            catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
            {
                var next = index + 1 < names.Count ? "the one before it is used" : "there is none before it, and training begins anew";
                warn($"{error.Message} This checkpoint is passed over; {next}.");
            }
        }

        return null;
    }

    /// <summary>The folder of a checkpoint.</summary>
    /// <param name="name">Its name.</param>
    public string PlaceOf(CheckpointName name) => Path.Combine(_folder, name.ToString());

    /// <summary>Reads one checkpoint.</summary>
    /// <param name="place">Its folder.</param>
    /// <exception cref="InputException">
    /// A file is missing, is not what was written, or does not parse; or the content contradicts itself.
    /// </exception>
    public static Checkpoint Read(string place)
    {
        var vectors = new Dictionary<string, float[]>();
        TrainingState? state = null;
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(place));
        foreach (var (file, hash) in ReadManifest(Path.Combine(place, ManifestFile)))
        {
            var path = Path.Combine(place, file);
            var bytes = File.Exists(path)
                ? File.ReadAllBytes(path)
                : throw new InputException($"{path}: missing, although {ManifestFile} lists it.");
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != hash)
                throw new InputException($"{path}: its bytes do not have the checksum of {ManifestFile}.");

            if (file == StateFile)
                state = ParseState(path, bytes);
            else
                vectors[Path.GetFileNameWithoutExtension(file)] = Floats(path, bytes);
        }

        var checkpoint = new Checkpoint(state ?? throw new InputException($"{place}: {ManifestFile} lists no {StateFile}."), vectors);
        return CheckpointRules.Problem(name, checkpoint) is { } problem
            ? throw new InputException($"{place}: its checksums are right, but its content is not: {problem}.")
            : checkpoint;
    }

    private void WriteFiles(string folder, Checkpoint checkpoint)
    {
        var manifest = new StringBuilder();
        foreach (var (vector, values) in checkpoint.Vectors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            WriteFile(folder, vector + VectorSuffix, MemoryMarshal.AsBytes<float>(values), manifest);

        WriteFile(folder, StateFile, JsonSerializer.SerializeToUtf8Bytes(checkpoint.State, StateJson.Default.TrainingState), manifest);
        WriteFile(folder, ManifestFile, Encoding.UTF8.GetBytes(manifest.ToString()), manifest);
        AtomicFile.FlushFolder(folder);
    }

    private void WriteFile(string folder, string name, ReadOnlySpan<byte> content, StringBuilder manifest)
    {
        using (var stream = _create(Path.Combine(folder, name)))
        {
            stream.Write(content);
            stream.Flush();
            (stream as FileStream)?.Flush(flushToDisk: true);
        }

        manifest.Append(Convert.ToHexStringLower(SHA256.HashData(content))).Append("  ").Append(name).Append('\n');
    }

    private static List<(string File, string Hash)> ReadManifest(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: missing.");

        var entries = new List<(string, string)>();
        var lines = File.ReadAllLines(path);
        for (var line = 0; line < lines.Length; line++)
        {
            var parts = lines[line].Split("  ");
            if (parts.Length != 2 || parts[0].Length != 2 * SHA256.HashSizeInBytes || Path.GetFileName(parts[1]) != parts[1])
                throw new InputException($"{path}:{line + 1}: expected '<sha256>  <file>', got '{lines[line]}'.");

            entries.Add((parts[1], parts[0]));
        }

        return entries;
    }

    private static float[] Floats(string path, byte[] bytes) => bytes.Length % sizeof(float) == 0
        ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
        : throw new InputException($"{path}: {bytes.Length} bytes are no whole number of floats.");

    private static TrainingState ParseState(string path, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, StateJson.Default.TrainingState) ?? throw new InputException($"{path}: empty.");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}:{error.LineNumber + 1}: not a checkpoint's state: {error.Message}", error);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Remove(folder);
        }
        catch (IOException)
        {
            // The first failure is the one to report; a hidden leftover is removed by the next write.
        }
    }
}
