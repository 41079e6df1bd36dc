using System.Buffers;
using System.Runtime.InteropServices;
using Mimir.Dist.Native;

namespace Mimir.Dist.Transports.Mpi;

/// <summary>A message on its way out of or into this process, with memory that stays where it is.</summary>
internal sealed unsafe class MpiOperation
{
    // Large enough for the status of any MPI library.
    private const int StatusInts = 32;

    private readonly byte[] _buffer;
    private readonly GCHandle _pin;
    private nint _request;

    private MpiOperation(int peer, Tag tag, int length)
    {
        (Peer, Tag, Length) = (peer, tag, length);
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        _pin = GCHandle.Alloc(_buffer, GCHandleType.Pinned);
    }

    public int Peer { get; }

    public Tag Tag { get; }

    public int Length { get; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    private bool Done { get; set; }

    private byte* Address => (byte*)_pin.AddrOfPinnedObject();

    public static MpiOperation Send(MpiLibrary library, nint communicator, int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        var operation = new MpiOperation(peer, tag, message.Length);
        message.CopyTo(operation._buffer);
        nint request = 0;
        MpiLibrary.Check(
            Native.Mpi.MPI_Isend(operation.Address, message.Length, library.Byte, peer, tag.Value, communicator, &request),
            nameof(Native.Mpi.MPI_Isend));
        operation._request = request;
        return operation;
    }

    /// <summary>Begins to receive the next message that has come, if one has.</summary>
    public static MpiOperation? Receive(MpiLibrary library, nint communicator)
    {
        var status = stackalloc int[StatusInts];
        MpiLibrary.Check(
            Native.Mpi.MPI_Iprobe(library.AnySource, MpiLibrary.AnyTag, communicator, out var flag, status), nameof(Native.Mpi.MPI_Iprobe));
        if (flag == 0)
            return null;

        MpiLibrary.Check(Native.Mpi.MPI_Get_count(status, library.Byte, out var length), nameof(Native.Mpi.MPI_Get_count));
        var operation = new MpiOperation(library.Source(status), Tag.FromValue(library.Tag(status)), length);
        nint request = 0;
        MpiLibrary.Check(
            Native.Mpi.MPI_Irecv(operation.Address, length, library.Byte, operation.Peer, operation.Tag.Value, communicator, &request),
            nameof(Native.Mpi.MPI_Irecv));
        operation._request = request;
        return operation;
    }

    /// <summary>True when the message has gone or come whole.</summary>
    public bool Test()
    {
        if (Done)
            return true;

        var status = stackalloc int[StatusInts];
        var request = _request;
        MpiLibrary.Check(Native.Mpi.MPI_Test(&request, out var flag, status), nameof(Native.Mpi.MPI_Test));
        _request = request;
        return Done = flag != 0;
    }

    /// <summary>Gives the memory back, once the message has gone or come.</summary>
    public void Release()
    {
        _pin.Free();
        ArrayPool<byte>.Shared.Return(_buffer);
    }
}
