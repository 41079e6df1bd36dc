using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mimir.Core.Runtime;

/// <summary>The folders in which the runtime looks for native libraries, and the libraries that were loaded by their path.</summary>
internal static class NativeLibraries
{
    private static readonly Dictionary<string, nint> Known = new(StringComparer.Ordinal);

    /// <summary>The folder of the program and those of its packages, the first one first.</summary>
    public static IEnumerable<string> Folders => (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append(AppContext.BaseDirectory)
        .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
        .Select(Path.TrimEndingDirectorySeparator)
        .Distinct(StringComparer.Ordinal);

    /// <summary>Loads a library that this assembly calls, if it is there.</summary>
    /// <param name="name">The name in the imports.</param>
    public static bool TryLoad(string name)
    {
        if (!NativeLibrary.TryLoad(name, typeof(NativeLibraries).Assembly, null, out var handle))
            return false;

        Serve(name, handle);
        return true;
    }

    /// <summary>Answers the imports of a name in this assembly by a library that is loaded.</summary>
    /// <param name="name">The name in the imports.</param>
    /// <param name="handle">The library.</param>
    public static void Serve(string name, nint handle)
    {
        lock (Known)
            Known[name] = handle;
    }

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "Imports must be answered before the first of them is called.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        lock (Known)
            return Known.GetValueOrDefault(name);
    }
}
