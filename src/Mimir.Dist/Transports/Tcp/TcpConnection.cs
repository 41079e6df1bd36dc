using System.Buffers.Binary;
using System.Net.Sockets;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>A proven connection to one worker: frames out under a lock, frames in on a thread of its own.</summary>
/// <remarks>A frame is its length (4 bytes), its kind and tag (4 bytes), and the content.</remarks>
internal sealed class TcpConnection : IDisposable
{
    private const int HeaderBytes = 8;
    private const int SmallBytes = 4096;

    private readonly Socket _socket;
    private readonly object _sending = new();
    private readonly FrameReader _reader;
    private volatile bool _closed;

    public TcpConnection(Socket socket, int peer, TimeSpan timeout)
    {
        _socket = socket;
        _reader = new(socket);
        Peer = peer;
        socket.NoDelay = true;
        socket.ReceiveTimeout = 0;
        socket.SendTimeout = (int)Math.Clamp(timeout.TotalMilliseconds, 1, int.MaxValue);
    }

    private enum Kind
    {
        Message,
        Heartbeat,
        Goodbye,
        Ready,
    }

    public int Peer { get; }

    /// <summary>Sends a message.</summary>
    /// <exception cref="SocketException">The connection broke or the peer takes nothing.</exception>
    public void Send(Tag tag, ReadOnlySpan<byte> message)
    {
        lock (_sending)
            SendFrame(Kind.Message, tag, message);
    }

    /// <summary>Announces that this rejoining worker is connected to all others.</summary>
    /// <exception cref="SocketException">The connection broke or the peer takes nothing.</exception>
    public void SendReady()
    {
        lock (_sending)
            SendFrame(Kind.Ready, default, []);
    }

    /// <summary>Sends a heartbeat, unless a message is being sent anyway or the peer's buffers are full.</summary>
    public void SendHeartbeat()
    {
        if (!Monitor.TryEnter(_sending))
            return;

        try
        {
            if (!_closed && _socket.Poll(0, SelectMode.SelectWrite))
                SendFrame(Kind.Heartbeat, default, []);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The reading thread sees the same end and reports it.
        }
        finally
        {
            Monitor.Exit(_sending);
        }
    }

    /// <summary>Announces that this worker leaves in good order, when that takes no waiting.</summary>
    public void SendGoodbye()
    {
        if (!Monitor.TryEnter(_sending, TimeSpan.FromSeconds(1)))
            return;

        try
        {
            if (!_closed && _socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite))
            {
                SendFrame(Kind.Goodbye, default, []);
                _socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // A peer that is gone needs no goodbye.
        }
        finally
        {
            Monitor.Exit(_sending);
        }
    }

    /// <summary>Reads frames until the connection ends.</summary>
    /// <param name="mailbox">Takes the messages.</param>
    /// <param name="options">The limits.</param>
    /// <param name="heard">Called at every sign of life.</param>
    /// <returns>The reason of the end, as "it …"; in good order when the peer has announced it.</returns>
    public (string Reason, bool InGoodOrder) Read(Mailbox mailbox, TcpTransportOptions options, Action heard)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        try
        {
            while (true)
            {
                if (!_reader.Read(header, heard))
                    return ("it closed the connection", false);

                var length = BinaryPrimitives.ReadInt32LittleEndian(header);
                var word = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
                var kind = (Kind)(word >>> Tag.Bits);
                if (kind == Kind.Heartbeat && length == 0)
                    continue;

                if (kind == Kind.Ready && length == 0)
                {
                    mailbox.Ready(Peer);
                    continue;
                }

                if (kind == Kind.Goodbye)
                    return ("it left", true);

                if (kind != Kind.Message)
                    return ($"it sent something that is no frame (kind {(int)kind})", false);

                if ((uint)length > (uint)options.MaximumMessage)
                    return ($"it announced a message of {(uint)length} bytes, {options.MaximumMessage} are allowed", false);

                var message = new ReceivedMessage(Peer, length);
                if (!_reader.Read(message.Writable, heard))
                    return ("it closed the connection in the middle of a message", false);

                mailbox.Deliver(Tag.FromValue(word & ((1 << Tag.Bits) - 1)), message);

                // While this side does not read, the peer's silence means nothing.
                while (!_closed && !mailbox.HasRoom(Peer, options.WaitingBytes))
                    heard();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return ($"the connection broke: {error.Message}", false);
        }
    }

    /// <summary>Ends the connection at once; threads that wait in it are woken.</summary>
    public void Dispose()
    {
        _closed = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Already ended by the other side.
        }

        _socket.Dispose();
    }

    private void SendFrame(Kind kind, Tag tag, ReadOnlySpan<byte> content)
    {
        Span<byte> small = stackalloc byte[HeaderBytes + SmallBytes];
        BinaryPrimitives.WriteInt32LittleEndian(small, content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(small[4..], ((int)kind << Tag.Bits) | tag.Value);

        // A short message goes out in one packet with its header.
        var first = Math.Min(content.Length, SmallBytes);
        content[..first].CopyTo(small[HeaderBytes..]);
        SendAll(small[..(HeaderBytes + first)]);
        SendAll(content[first..]);
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Serves short reads from one larger read of the system.</summary>
    private sealed class FrameReader(Socket socket)
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _begin;
        private int _end;

        public bool Read(Span<byte> target, Action heard)
        {
            while (target.Length > 0)
            {
                if (_begin == _end && target.Length >= _buffer.Length)
                {
                    var direct = socket.Receive(target);
                    if (direct == 0)
                        return false;

                    heard();
                    target = target[direct..];
                    continue;
                }

                if (_begin == _end)
                {
                    (_begin, _end) = (0, socket.Receive(_buffer));
                    if (_end == 0)
                        return false;

                    heard();
                }

                var count = Math.Min(target.Length, _end - _begin);
                _buffer.AsSpan(_begin, count).CopyTo(target);
                _begin += count;
                target = target[count..];
            }

            return true;
        }
    }
}
