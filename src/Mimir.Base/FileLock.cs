namespace Mimir.Base;

/// <summary>Opens files that processes take in turns; the system takes a lock back when its process dies.</summary>
public static class FileLock
{
    /// <summary>Opens a file unless another process or thread holds it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it is made.</param>
    /// <param name="access">Reading, writing, or both.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="options">Further options.</param>
    /// <returns>The file; null when another one holds it.</returns>
    /// <exception cref="IOException">It cannot be opened for another reason, such as a disk that is read only.</exception>
    public static FileStream? TryOpen(
        string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        try
        {
            return new(path, mode, access, share, bufferSize: 0, options);
        }
        catch (IOException error) when (error.HResult is 11 or 35 or unchecked((int)0x80070020))
        {
            // Locked by another one, as Linux, macOS and Windows say it.
            return null;
        }
    }
}
