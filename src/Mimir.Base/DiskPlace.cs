using System.Runtime.InteropServices;

namespace Mimir.Base;

/// <summary>The room and the rights on the disk where a folder is, or will be made.</summary>
public static partial class DiskPlace
{
    private const int Write = 2;
    private const int Enter = 1;

    /// <summary>The reason why nothing can be written in a folder, or in the nearest one above it that exists; null for none.</summary>
    /// <param name="folder">The folder.</param>
    public static string? Obstacle(string folder)
    {
        var nearest = Nearest(folder);
        if (File.Exists(nearest))
            return $"'{nearest}' is a file, not a folder";
        if (OperatingSystem.IsWindows() || access(nearest, Write | Enter) == 0)
            return null;

        return $"'{nearest}' cannot be written ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())})";
    }

    /// <summary>The free bytes where a folder is, or will be made.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The system does not say.</exception>
    public static long FreeBytes(string folder) => new DriveInfo(Nearest(folder)).AvailableFreeSpace;

    private static string Nearest(string folder)
    {
        var path = Path.GetFullPath(folder);
        while (!Path.Exists(path) && Path.GetDirectoryName(path) is { } parent)
            path = parent;
        return path;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
}
