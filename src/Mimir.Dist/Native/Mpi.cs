using System.Runtime.InteropServices;

namespace Mimir.Dist.Native;

/// <summary>The functions of the MPI standard that a transport needs, in whichever library is loaded.</summary>
/// <remarks>
/// Handles are passed as words: Open MPI's are pointers, MPICH's are 32-bit integers in the lower half of one.
/// </remarks>
internal static unsafe partial class Mpi
{
    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Initialized(out int flag);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Init_thread(nint count, nint arguments, int required, out int provided);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Finalize();

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Comm_dup(nint communicator, out nint copy);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Comm_rank(nint communicator, out int rank);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Comm_size(nint communicator, out int size);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Comm_set_errhandler(nint communicator, nint handler);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Isend(byte* buffer, int count, nint type, int peer, int tag, nint communicator, nint* request);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Irecv(byte* buffer, int count, nint type, int peer, int tag, nint communicator, nint* request);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Iprobe(int peer, int tag, nint communicator, out int flag, int* status);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Test(nint* request, out int flag, int* status);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Get_count(int* status, nint type, out int count);

    [LibraryImport(InstalledLibrary.Mpi)]
    public static partial int MPI_Error_string(int code, byte* text, out int length);
}
