using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Mimir.Dist.Collectives.SharedMemory;

/// <summary>Memory that several processes of a machine share: some counters and some slots for each member.</summary>
/// <remarks>
/// It is a file in a folder that lies in memory. The file loses its name as soon as all members have it, so nothing
/// stays behind however they end; a name that a crash in between left is removed by the next who comes.
/// </remarks>
internal sealed unsafe class SharedRegion : IDisposable
{
    public const int Counters = 3;
    private const int LineBytes = 128;
    private const string Prefix = "mimir-";

    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _members;
    private readonly int _slots;
    private readonly int _slotFloats;

    private SharedRegion(MemoryMappedFile file, int members, int slots, int slotFloats)
    {
        (_members, _slots, _slotFloats) = (members, slots, slotFloats);
        _file = file;
        _view = file.CreateViewAccessor(0, Bytes(members, slots, slotFloats));
        _handle = _view.SafeMemoryMappedViewHandle;
        byte* start = null;
        _handle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    /// <summary>Makes the memory.</summary>
    /// <exception cref="IOException">The folder cannot be written or has no room.</exception>
    public static (SharedRegion Region, string Path) Create(string folder, int members, int slots, int slotFloats)
    {
        RemoveStale(folder);
        var path = Path.Combine(
            folder, $"{Prefix}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            PreallocationSize = Bytes(members, slots, slotFloats),
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        return (Map(new(path, options), members, slots, slotFloats), path);
    }

    /// <summary>Takes the memory that another member has made.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public static SharedRegion Open(string path, int members, int slots, int slotFloats) =>
        Map(new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), members, slots, slotFloats);

    /// <summary>One of a member's counters; each lies on a line of its own.</summary>
    public SharedCounter Counter(int member, int which) => new((int*)(_start + (((member * Counters) + which) * LineBytes)));

    /// <summary>One of a member's slots.</summary>
    public Span<float> Slot(int member, int which) =>
        new(_start + HeadBytes(_members) + (4L * _slotFloats * ((member * _slots) + which)), _slotFloats);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle.IsClosed)
            return;

        _handle.ReleasePointer();
        _handle.Dispose();
        _view.Dispose();
        _file.Dispose();
    }

    private static SharedRegion Map(FileStream stream, int members, int slots, int slotFloats) =>
        new(
            MemoryMappedFile.CreateFromFile(
                stream, null, Bytes(members, slots, slotFloats), MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false),
            members,
            slots,
            slotFloats);

    private static long HeadBytes(int members) => ((members * Counters * LineBytes) + 4095L) / 4096 * 4096;

    private static long Bytes(int members, int slots, int slotFloats) => HeadBytes(members) + (4L * members * slots * slotFloats);

    private static void RemoveStale(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*"))
        {
            var owner = Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{owner}") && File.GetLastWriteTimeUtc(path) < DateTime.UtcNow.AddMinutes(-1))
                File.Delete(path);
        }
    }
}
