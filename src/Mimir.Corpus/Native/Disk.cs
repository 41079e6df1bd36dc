using System.Runtime.InteropServices;

namespace Mimir.Corpus.Native;

/// <summary>What many small files need of the system at once.</summary>
internal static partial class Disk
{
    /// <summary>Waits until all that was written is on the disk: one wait, not one for each file.</summary>
    public static void Flush() => sync();

    [LibraryImport("libc")]
    private static partial void sync();
}
