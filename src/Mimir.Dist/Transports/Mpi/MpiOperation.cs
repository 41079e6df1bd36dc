using System.Buffers;
using System.Runtime.InteropServices;

namespace Mimir.Dist.Transports.Mpi;

/// <summary>A message on its way out of or into this process, with memory that stays where it is.</summary>
internal sealed class MpiOperation
{
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

    public static MpiOperation Send(IMpiBinding mpi, int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        var operation = new MpiOperation(peer, tag, message.Length);
        message.CopyTo(operation._buffer);
        operation._request = mpi.Send(peer, tag.Value, operation._pin.AddrOfPinnedObject(), message.Length);
        return operation;
    }

    /// <summary>Begins to receive the next message that has come, if one has.</summary>
    public static MpiOperation? Receive(IMpiBinding mpi)
    {
        if (!mpi.Probe(out var peer, out var tag, out var length))
            return null;

        var operation = new MpiOperation(peer, Tag.FromValue(tag), length);
        operation._request = mpi.Receive(peer, tag, operation._pin.AddrOfPinnedObject(), length);
        return operation;
    }

    /// <summary>True when the message has gone or come whole.</summary>
    public bool Test(IMpiBinding mpi) => Done = Done || mpi.Test(ref _request);

    /// <summary>Gives the memory back, once the message has gone or come.</summary>
    public void Release()
    {
        _pin.Free();
        ArrayPool<byte>.Shared.Return(_buffer);
    }
}
