using System.Runtime.InteropServices;

namespace Mimir.Base;

/// <summary>Writes files that are either whole or not there: beside the target, flushed to the disk, then renamed.</summary>
public static partial class AtomicFile
{
    /// <summary>Writes a file through <paramref name="write"/> and puts it in place only when all of it is on the disk.</summary>
    /// <remarks>A device or a named pipe is written to as it is (<see cref="SpecialFile"/>).</remarks>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="write">Writes the content; what it throws leaves the old file as it was.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; the old file is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (SpecialFile.IsOne(path))
        {
            using var open = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            write(open);
            return;
        }

        var beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (ArgumentOutOfRangeException error)
        {
            // So .NET calls a file beyond the system's limit on sizes.
            File.Delete(beside);
            throw new IOException($"{path}: could not be written: {error.Message}", error);
        }
        catch (Exception)
        {
            File.Delete(beside);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark, in one piece like <see cref="Write"/>.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Makes a rename inside a folder survive a power cut, where the system can (not on Windows).</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = open(folder, 0);
        if (descriptor < 0)
            return;

        _ = fsync(descriptor);
        _ = close(descriptor);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
