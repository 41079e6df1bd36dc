using System.Runtime.InteropServices;

namespace Mimir.Base;

/// <summary>Devices, named pipes and sockets: they have a place like a file, but are written to, never replaced.</summary>
public static partial class SpecialFile
{
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;

    // The layout of Linux's struct statx, the same on every processor.
    private const int StatSize = 256, ModeOffset = 28, TypeMask = 0xF000, Folder = 0x4000, Disk = 0x6000, Regular = 0x8000;

    /// <summary>True for a device, a named pipe or a socket, and for the names of the process's own streams.</summary>
    /// <param name="path">A path; where nothing is, the answer is false.</param>
    /// <exception cref="IOException">It is a whole disk.</exception>
    public static bool IsOne(string path)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        if (IsOwnStream(path))
            return true;

        Span<byte> stat = stackalloc byte[StatSize];
        if (statx(CurrentFolder, path, 0, TypeOnly, stat) != 0)
            return false;

        var type = MemoryMarshal.Read<ushort>(stat[ModeOffset..]) & TypeMask;
        return type == Disk
            ? throw new IOException($"{path}: is a whole disk, not a file.")
            : type is not (Folder or Regular);
    }

    // Links to what the streams are now, which may be a file.
    private static bool IsOwnStream(string path) => path is "/dev/stdout" or "/dev/stderr"
        || path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Span<byte> result);
}
