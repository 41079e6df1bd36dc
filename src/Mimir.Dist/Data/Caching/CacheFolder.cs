using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Base;

namespace Mimir.Dist.Data.Caching;

/// <summary>
/// A folder of files named by their SHA-256, which the processes of a machine share. A file in use is open with a shared
/// lock, one that is being fetched (<c>.part</c>) with an exclusive one; the system takes both back when a process dies.
/// </summary>
internal sealed class CacheFolder
{
    private const string Part = ".part";
    private const string Note = ".note";
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(3);

    private readonly object _gate = new();
    private readonly string _files;
    private readonly string _lock;
    private readonly CacheOptions _options;

    public CacheFolder(CacheOptions options)
    {
        _options = options;
        _files = Directory.CreateDirectory(Path.Combine(options.Folder, "files")).FullName;
        _lock = Path.Combine(options.Folder, "lock");
    }

    public string PathOf(string checksum) => Path.Combine(_files, checksum);

    public string PartOf(string checksum) => PathOf(checksum) + Part;

    /// <summary>Opens a file so that nobody evicts it; null when it is not here.</summary>
    public FileStream? Pin(string checksum) => Exclusively(() => PinLocked(checksum));

    /// <summary>True when a file still has the bytes that it is named by.</summary>
    public static bool IsWhole(FileStream file, string checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        file.Seek(0, SeekOrigin.Begin);
        for (int count; (count = file.Read(buffer)) > 0;)
            hash.AppendData(buffer, 0, count);
        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == checksum;
    }

    /// <summary>Removes a damaged file, unless another process has mended it meanwhile.</summary>
    public void Discard(string checksum) => Exclusively(() =>
    {
        if (File.Exists(PathOf(checksum)))
        {
            using var file = new FileStream(PathOf(checksum), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!IsWhole(file, checksum))
                File.Delete(PathOf(checksum));
        }

        return true;
    });

    /// <summary>Marks a file as used now.</summary>
    public void Touch(string checksum)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(checksum), _options.Time.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // Another program has emptied the folder; the open file stays readable.
        }
    }

    /// <summary>
    /// Opens the part of a file that is to be fetched; null when the file is here or another process or thread fetches it.
    /// </summary>
    public FileStream? Begin(string checksum) => Exclusively(() =>
        File.Exists(PathOf(checksum))
            ? null
            : FileLock.TryOpen(PartOf(checksum), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    /// <summary>The note of an interrupted download; null when there is nothing to resume.</summary>
    public PartNote? NoteOf(string checksum)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PartOf(checksum) + Note), PartNoteJson.Default.PartNote);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Reserves room for a file that the caller fetches, and evicts the files that were not used for longest.</summary>
    /// <exception cref="CacheFullException">The files in use leave too little room.</exception>
    public void Reserve(string checksum, PartNote note, string name) => Exclusively(() =>
    {
        if (note.Length > _options.Limit)
        {
            throw new CacheFullException(
                $"{name}: has {Size(note.Length)}, the cache {_options.Folder} holds {Size(_options.Limit)}; "
                + "allow it more or cut the file into smaller ones",
                passing: false);
        }

        var entries = Entries()
            .Where(entry => entry.Checksum != checksum)
            .OrderBy(entry => entry.Used)
            .ThenBy(entry => entry.Checksum, StringComparer.Ordinal)
            .ToList();
        var taken = entries.Sum(entry => entry.Bytes);
        foreach (var entry in entries)
        {
            if (taken + note.Length <= _options.Limit)
                break;
            if (Evict(entry))
                taken -= entry.Bytes;
        }

        if (taken + note.Length > _options.Limit)
        {
            throw new CacheFullException(
                $"{name}: needs {Size(note.Length)}, but {Size(taken)} of the {Size(_options.Limit)} of the cache {_options.Folder} "
                + "are in use; allow it more or run less beside each other",
                passing: true);
        }

        AtomicFile.WriteText(PartOf(checksum) + Note, JsonSerializer.Serialize(note, PartNoteJson.Default.PartNote) + "\n");
        return true;
    });

    /// <summary>Moves a whole file into place and opens it as <see cref="Pin"/> does.</summary>
    public FileStream Finish(string checksum, FileStream part) => Exclusively(() =>
    {
        part.Flush(flushToDisk: true);
        part.Dispose();
        File.Move(PartOf(checksum), PathOf(checksum), overwrite: true);
        File.Delete(PartOf(checksum) + Note);
        AtomicFile.FlushFolder(_files);
        return PinLocked(checksum) ?? throw new IOException($"{PathOf(checksum)}: vanished from the cache; does another program clean it?");
    });

    private FileStream? PinLocked(string checksum)
    {
        var path = PathOf(checksum);
        var file = File.Exists(path) ? FileLock.TryOpen(path, FileMode.Open, FileAccess.Read, FileShare.Read) : null;
        if (file is not null)
            Touch(checksum);
        return file;
    }

    private IEnumerable<(string Checksum, string Path, long Bytes, DateTime Used)> Entries()
    {
        foreach (var file in new DirectoryInfo(_files).EnumerateFiles())
        {
            var checksum = Path.GetFileNameWithoutExtension(file.Name);
            if (!IsChecksum(checksum))
                continue;

            if (file.Extension == Part)
            {
                yield return (checksum, file.FullName, Math.Max(file.Length, NoteOf(checksum)?.Length ?? 0), file.LastWriteTimeUtc);
            }
            else if (file.Extension.Length == 0)
            {
                yield return (checksum, file.FullName, file.Length, file.LastWriteTimeUtc);
            }
        }
    }

    // Whatever else lies in the folder belongs to somebody else.
    private static bool IsChecksum(string name) =>
        name.Length == 2 * SHA256.HashSizeInBytes && name.All(char.IsAsciiHexDigitLower);

    private bool Evict((string Checksum, string Path, long Bytes, DateTime Used) entry)
    {
        using var file = FileLock.TryOpen(entry.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        if (file is null)
            return false;

        File.Delete(entry.Path);
        File.Delete(PartOf(entry.Checksum) + Note);
        if (_options.LogEvictions)
            Log.FileEvicted(_options.Logger, Path.GetFileName(entry.Path), Size(entry.Bytes), entry.Used);
        return true;
    }

    /// <summary>Runs a short action while no other thread or process changes the folder.</summary>
    private T Exclusively<T>(Func<T> action)
    {
        lock (_gate)
        {
            var start = _options.Time.GetTimestamp();
            while (true)
            {
                using var file = FileLock.TryOpen(_lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (file is not null)
                    return action();
                if (_options.Time.GetElapsedTime(start) > LockPatience)
                    throw new IOException($"{_lock}: another process has held the cache for {LockPatience.TotalSeconds} s; is it stopped?");

                Thread.Sleep(2);
            }
        }
    }

    private static string Size(long bytes) => bytes switch
    {
        < 10_000 => FormattableString.Invariant($"{bytes} bytes"),
        < 10_000_000 => FormattableString.Invariant($"{bytes / 1e3:0.0} kB"),
        < 10_000_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        _ => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
    };
}

/// <summary>The note beside a file that is being fetched.</summary>
/// <param name="Source">The full name of the source's file.</param>
/// <param name="Version">The version of its bytes, or null.</param>
/// <param name="Length">Its full length: the room that is reserved.</param>
internal sealed record PartNote(string Source, string? Version, long Length);

/// <summary>The error when a file does not fit into the cache beside the files in use.</summary>
/// <param name="message">One line with the sizes and the remedy.</param>
/// <param name="passing">True when it may fit after another file is released.</param>
public sealed class CacheFullException(string message, bool passing) : IOException(message)
{
    /// <summary>True when the file may fit when something is released.</summary>
    public bool Passing { get; } = passing;
}

/// <summary>The JSON of <see cref="PartNote"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PartNote))]
internal sealed partial class PartNoteJson : JsonSerializerContext;
