namespace Mimir.Base;

/// <summary>Devices, named pipes and sockets: they have a place like a file, but are written to, never replaced.</summary>
public static class SpecialFile
{
    /// <summary>True for a device, a named pipe or a socket, and for the names of the process's own streams.</summary>
    /// <param name="path">A path; where nothing is, the answer is false.</param>
    /// <exception cref="IOException">It is a whole disk.</exception>
    public static bool IsOne(string path) => OperatingSystem.IsLinux() && (IsOwnStream(path) || FileKinds.Of(path) switch
    {
        FileKind.Disk => throw new IOException($"{path}: is a whole disk, not a file."),
        FileKind.Pipe or FileKind.Device => true,
        _ => false,
    });

    // Links to what the streams are now, which may be a file.
    private static bool IsOwnStream(string path) => path is "/dev/stdout" or "/dev/stderr"
        || path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);
}
