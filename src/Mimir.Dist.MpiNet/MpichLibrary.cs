using System.Runtime.InteropServices;
using Mimir.Base;

namespace Mimir.Dist.MpiNet;

/// <summary>Gives MPI.NET, which asks for msmpi.dll, an MPICH.</summary>
internal static class MpichLibrary
{
    private static readonly Lock Gate = new();
    private static nint _loaded;

    /// <summary>Loads the first library that MPI.NET can call; on Windows its own name is the right one.</summary>
    /// <param name="names">The libraries to try.</param>
    /// <exception cref="InputException">There is only Open MPI.</exception>
    /// <exception cref="IOException">There is none.</exception>
    public static void Load(IReadOnlyList<string> names)
    {
        lock (Gate)
        {
            if (OperatingSystem.IsWindows() || _loaded != 0)
                return;

            _loaded = Find(names);
            NativeLibrary.SetDllImportResolver(typeof(MPI.Unsafe).Assembly, (_, _, _) => _loaded);
        }
    }

    private static nint Find(IReadOnlyList<string> names)
    {
        var openMpi = "";
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var library))
                continue;

            if (!NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _))
                return library;

            openMpi = name;
        }

        throw openMpi.Length > 0
            ? new InputException($"MPI.NET cannot call {openMpi}, which is Open MPI: install mpich, or use the direct binding")
            : new IOException($"no MPI library was found (looked for {string.Join(", ", names)}); install mpich");
    }
}
