using Mimir.Dist.Native;

namespace Mimir.Dist.Transports.Mpi;

/// <summary>Open MPI or MPICH, called directly.</summary>
internal sealed unsafe class DirectMpi : IMpiBinding
{
    // Large enough for the status of any MPI library.
    private const int StatusInts = 32;

    private readonly MpiLibrary _library;
    private readonly nint _communicator;
    private readonly bool _started;

    public DirectMpi(IReadOnlyList<string> libraries)
    {
        _library = MpiLibrary.Start(libraries, out _started);
        MpiLibrary.Check(Native.Mpi.MPI_Comm_rank(_library.World, out var rank), nameof(Native.Mpi.MPI_Comm_rank));
        MpiLibrary.Check(Native.Mpi.MPI_Comm_size(_library.World, out var size), nameof(Native.Mpi.MPI_Comm_size));
        (Rank, Size) = (rank, size);
        _communicator = _library.OwnCommunicator();
    }

    public string Library => _library.IsOpenMpi ? "Open MPI" : "MPICH";

    public int Rank { get; }

    public int Size { get; }

    public nint Send(int peer, int tag, nint buffer, int length)
    {
        nint request = 0;
        MpiLibrary.Check(
            Native.Mpi.MPI_Isend((byte*)buffer, length, _library.Byte, peer, tag, _communicator, &request), nameof(Native.Mpi.MPI_Isend));
        return request;
    }

    public bool Probe(out int peer, out int tag, out int length)
    {
        var status = stackalloc int[StatusInts];
        MpiLibrary.Check(
            Native.Mpi.MPI_Iprobe(_library.AnySource, MpiLibrary.AnyTag, _communicator, out var flag, status),
            nameof(Native.Mpi.MPI_Iprobe));
        (peer, tag, length) = (_library.Source(status), _library.Tag(status), 0);
        if (flag != 0)
            MpiLibrary.Check(Native.Mpi.MPI_Get_count(status, _library.Byte, out length), nameof(Native.Mpi.MPI_Get_count));

        return flag != 0;
    }

    public nint Receive(int peer, int tag, nint buffer, int length)
    {
        nint request = 0;
        MpiLibrary.Check(
            Native.Mpi.MPI_Irecv((byte*)buffer, length, _library.Byte, peer, tag, _communicator, &request), nameof(Native.Mpi.MPI_Irecv));
        return request;
    }

    public bool Test(ref nint operation)
    {
        var status = stackalloc int[StatusInts];
        var request = operation;
        MpiLibrary.Check(Native.Mpi.MPI_Test(&request, out var flag, status), nameof(Native.Mpi.MPI_Test));
        operation = request;
        return flag != 0;
    }

    public void Dispose()
    {
        if (_started)
            MpiLibrary.Check(Native.Mpi.MPI_Finalize(), nameof(Native.Mpi.MPI_Finalize));
    }
}
