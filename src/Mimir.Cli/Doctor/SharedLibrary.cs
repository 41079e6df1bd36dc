using System.Runtime.InteropServices;

namespace Mimir.Cli.Doctor;

/// <summary>Looks for shared libraries by the names that systems give them.</summary>
internal static class SharedLibrary
{
    /// <summary>Loads the first of several names.</summary>
    /// <returns>The name that was found and its handle, or null.</returns>
    internal static (string Name, nint Handle)? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return (name, handle);
        }

        return null;
    }

    /// <summary>Calls a function of the library that takes nothing and gives a C string, such as a version.</summary>
    internal static unsafe string? Text(nint library, string function) =>
        NativeLibrary.TryGetExport(library, function, out var address)
            ? Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)address)())
            : null;
}
