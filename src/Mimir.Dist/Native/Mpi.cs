using System.Reflection;
using System.Runtime.InteropServices;

namespace Mimir.Dist.Native;

/// <summary>The functions of the MPI standard that a transport needs, in whichever library is loaded.</summary>
/// <remarks>
/// Handles are passed as words: Open MPI's are pointers, MPICH's are 32-bit integers in the lower half of one.
/// </remarks>
internal static unsafe partial class Mpi
{
    private const string Library = "mimir-mpi";
    private const int Now = 2, Global = 0x100;

    private static nint _loaded;

    static Mpi() => NativeLibrary.SetDllImportResolver(typeof(Mpi).Assembly, Resolve);

    /// <summary>Loads the first library that is there, for all of the process.</summary>
    /// <returns>Its handle, or 0 when none is.</returns>
    public static nint Load(IEnumerable<string> names)
    {
        // Open MPI's own plug-ins look for its symbols, so these must be visible to them.
        foreach (var name in names)
        {
            if (_loaded == 0)
                _loaded = dlopen(name, Now | Global);
        }

        return _loaded;
    }

    [LibraryImport(Library)]
    public static partial int MPI_Initialized(out int flag);

    [LibraryImport(Library)]
    public static partial int MPI_Init_thread(nint count, nint arguments, int required, out int provided);

    [LibraryImport(Library)]
    public static partial int MPI_Finalize();

    [LibraryImport(Library)]
    public static partial int MPI_Comm_dup(nint communicator, out nint copy);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_rank(nint communicator, out int rank);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_size(nint communicator, out int size);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_set_errhandler(nint communicator, nint handler);

    [LibraryImport(Library)]
    public static partial int MPI_Isend(byte* buffer, int count, nint type, int peer, int tag, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Irecv(byte* buffer, int count, nint type, int peer, int tag, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Iprobe(int peer, int tag, nint communicator, out int flag, int* status);

    [LibraryImport(Library)]
    public static partial int MPI_Test(nint* request, out int flag, int* status);

    [LibraryImport(Library)]
    public static partial int MPI_Get_count(int* status, nint type, out int count);

    [LibraryImport(Library)]
    public static partial int MPI_Error_string(int code, byte* text, out int length);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string name, int flags);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Library ? _loaded : 0;
}
