using System.Runtime.InteropServices;

namespace Mimir.Dist.Native;

/// <summary>The functions of NCCL 2 that sums on devices need; a result other than 0 is an error.</summary>
internal static unsafe partial class Nccl
{
    public const int Sum = 0;

    [LibraryImport(InstalledLibrary.Nccl)]
    public static partial int ncclGetUniqueId(UniqueId* id);

    [LibraryImport(InstalledLibrary.Nccl)]
    public static partial int ncclCommInitRank(out nint communicator, int size, UniqueId id, int index);

    [LibraryImport(InstalledLibrary.Nccl)]
    public static partial int ncclCommDestroy(nint communicator);

    [LibraryImport(InstalledLibrary.Nccl)]
    public static partial int ncclCommAbort(nint communicator);

    [LibraryImport(InstalledLibrary.Nccl)]
    public static partial int ncclCommGetAsyncError(nint communicator, out int result);

    [LibraryImport(InstalledLibrary.Nccl)]
    public static partial int ncclAllReduce(nint source, nint target, nuint count, int type, int operation, nint communicator, nint stream);

    [LibraryImport(InstalledLibrary.Nccl)]
    public static partial int ncclBroadcast(nint source, nint target, nuint count, int type, int root, nint communicator, nint stream);

    [LibraryImport(InstalledLibrary.Nccl)]
    public static partial nint ncclGetErrorString(int result);

    /// <summary>The id of a communicator, the same on all members: 128 bytes, passed by value.</summary>
    public struct UniqueId
    {
        public const int Length = 128;
        public fixed byte Bytes[Length];
    }
}
