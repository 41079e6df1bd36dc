using System.Runtime.InteropServices;

namespace Mimir.Dist.Native;

/// <summary>The user of this process.</summary>
internal static partial class User
{
    /// <summary>The effective user's number.</summary>
    public static uint Id() => geteuid();

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
