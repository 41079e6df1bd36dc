using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Mimir.Dist.Native;

/// <summary>Loads libraries that are found on the machine at run time, under names that differ between machines.</summary>
internal static partial class InstalledLibrary
{
    public const string Mpi = "mimir-mpi";
    public const string Nccl = "mimir-nccl";
    private const int Now = 2, Global = 0x100;

    private static readonly ConcurrentDictionary<string, nint> Loaded = new();

    static InstalledLibrary() => NativeLibrary.SetDllImportResolver(typeof(InstalledLibrary).Assembly, Resolve);

    /// <summary>Loads the first of some libraries that is there, for all of the process.</summary>
    /// <param name="library">The library's name in the declarations of its functions.</param>
    /// <param name="files">Files to try.</param>
    /// <returns>Its handle, or 0 when none is there.</returns>
    public static nint Load(string library, IEnumerable<string> files)
    {
        // Open MPI's own plug-ins look for its symbols, so these must be visible to them.
        foreach (var file in files)
        {
            if (Loaded.TryGetValue(library, out var handle))
                return handle;

            if (dlopen(file, Now | Global) is not 0 and var opened)
                Loaded.TryAdd(library, opened);
        }

        return Loaded.GetValueOrDefault(library);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string name, int flags);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => Loaded.GetValueOrDefault(name);
}
