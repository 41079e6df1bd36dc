using System.Runtime.InteropServices;

namespace Mimir.Base;

/// <summary>The kinds of file that a path can name.</summary>
public enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe, which waits for another program.</summary>
    Pipe,

    /// <summary>A device or a socket, which may have no end.</summary>
    Device,

    /// <summary>A whole disk.</summary>
    Disk,
}

/// <summary>Tells regular files from those that may have no end or wait for ever.</summary>
public static partial class FileKinds
{
    private const int CurrentFolder = -100;
    private const uint TypeWanted = 1;

    // Offsets and bits of struct statx, which are the same on every architecture.
    private const int StatxSize = 256;
    private const int ModeOffset = 28;
    private const int TypeBits = 0xF000;
    private const int PipeBits = 0x1000;
    private const int FolderBits = 0x4000;
    private const int DiskBits = 0x6000;
    private const int RegularBits = 0x8000;

    /// <summary>Looks at what a path names; links are followed. Nothing is opened.</summary>
    /// <param name="path">The path.</param>
    public static FileKind Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return File.Exists(path) ? FileKind.Regular : Directory.Exists(path) ? FileKind.Folder : FileKind.Missing;

        Span<byte> status = stackalloc byte[StatxSize];
        if (statx(CurrentFolder, path, 0, TypeWanted, ref MemoryMarshal.GetReference(status)) != 0)
            return File.Exists(path) ? FileKind.Regular : FileKind.Missing;

        return (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeBits) switch
        {
            RegularBits => FileKind.Regular,
            FolderBits => FileKind.Folder,
            PipeBits => FileKind.Pipe,
            DiskBits => FileKind.Disk,
            _ => FileKind.Device,
        };
    }

    /// <summary>Refuses to read what may have no end or wait for ever.</summary>
    /// <param name="path">The file. What this process has open already (<c>/dev/stdin</c>, <c>/dev/fd/3</c>, as shells name
    /// <c>&lt;(command)</c>) and <c>/dev/null</c> are allowed.</param>
    /// <param name="pipes">True to allow named pipes.</param>
    /// <exception cref="InputException">It is a folder, a named pipe or a device.</exception>
    public static void RequireReadable(string path, bool pipes = false)
    {
        var kind = Of(path);
        if (kind is FileKind.Regular or FileKind.Missing || (kind == FileKind.Pipe && pipes))
            return;
        if (kind != FileKind.Folder && (path is "/dev/stdin" or "/dev/null" || path.StartsWith("/dev/fd/", StringComparison.Ordinal)
            || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal)))
            return;

        throw new InputException($"{path}: expected a regular file, got {kind switch
        {
            FileKind.Folder => "a folder",
            FileKind.Pipe => "a named pipe; copy what comes out of it to a file first",
            _ => "a device",
        }}.");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, ref byte status);
}
