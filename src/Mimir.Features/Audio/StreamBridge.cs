using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Mimir.Features.Audio;

/// <summary>Gives a stream to libsndfile, and carries exceptions of the stream (a full disk) past the native frames.</summary>
internal sealed class StreamBridge(Stream stream)
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>Runs one operation; an exception, which must not cross native frames, is kept and -1 returned.</summary>
    public long Guard(Func<Stream, long> operation)
    {
        try
        {
            return operation(stream);
        }
        catch (Exception failure)
        {
            _failure ??= ExceptionDispatchInfo.Capture(failure);
            return -1;
        }
    }

    /// <summary>Throws the exception of the stream, if there was one.</summary>
    public void ThrowIfFailed() => _failure?.Throw();
}

/// <summary>libsndfile's <c>SF_VIRTUAL_IO</c>, filled with functions that work on a .NET stream.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirtualIo
{
    private delegate* unmanaged[Cdecl]<nint, long> _length;
    private delegate* unmanaged[Cdecl]<long, int, nint, long> _seek;
    private delegate* unmanaged[Cdecl]<void*, long, nint, long> _read;
    private delegate* unmanaged[Cdecl]<void*, long, nint, long> _write;
    private delegate* unmanaged[Cdecl]<nint, long> _tell;

    /// <summary>
    /// The functions; the user pointer of each call is a <see cref="GCHandle"/> of a <see cref="StreamBridge"/>.
    /// </summary>
    public static VirtualIo OfStream() => new()
    {
        _length = &Length,
        _seek = &Seek,
        _read = &Read,
        _write = &Write,
        _tell = &Tell,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Length(nint user) => Bridge(user).Guard(stream => stream.Length);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(long offset, int whence, nint user) =>
        Bridge(user).Guard(stream => stream.Seek(offset, (SeekOrigin)whence));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Read(void* buffer, long count, nint user) =>
        Bridge(user).Guard(stream => stream.ReadAtLeast(new Span<byte>(buffer, checked((int)count)), (int)count, false));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Write(void* buffer, long count, nint user) => Bridge(user).Guard(stream =>
    {
        stream.Write(new ReadOnlySpan<byte>(buffer, checked((int)count)));
        return count;
    });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Tell(nint user) => Bridge(user).Guard(stream => stream.Position);

    private static StreamBridge Bridge(nint user) => GCHandle<StreamBridge>.FromIntPtr(user).Target;
}
