using System.Net;
using System.Net.Sockets;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>The listening socket of a worker: accepts callers that prove the token, and refuses the rest with one line each.</summary>
/// <param name="options">The interface and the token.</param>
/// <param name="admit">Decides about a proven caller and answers it; false: not now.</param>
/// <param name="mismatch">Receives the words about a proven caller with which there can be no job.</param>
internal sealed class PeerListener(TcpTransportOptions options, Func<Hello, Socket, bool> admit, Action<string> mismatch) : IDisposable
{
    private const int LinesOfWindow = 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    // A flood of silent connections holds no more than this number of threads, each for the time of a handshake.
    private readonly HandshakeQueue _handshakes = new((2 * options.WorldSize) + 128);
    private readonly HashSet<int> _tooEarly = [];
    private readonly Lock _counting = new();
    private Deadline _window = new(options.Time, Window);
    private int _refused;
    private Socket? _listener;
    private volatile bool _closed;

    /// <summary>Gets this worker's hello, with a new nonce each time.</summary>
    public Hello Hello => Hello.Of(options, ((IPEndPoint?)_listener?.LocalEndPoint)?.Port ?? 0);

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The address is not this machine's or is taken.</exception>
    public void Open()
    {
        try
        {
            _listener = options.Rank == 0 && options.Listener is { } given ? given : Bind();
        }
        catch (SocketException error)
        {
            throw new IOException($"{options.Listen}: worker {options.Rank} cannot listen there: {error.Message}", error);
        }

        new Thread(Accept) { IsBackground = true, Name = "listener" }.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed = true;
        _listener?.Dispose();
    }

    private Socket Bind()
    {
        var socket = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(options.Listen, options.Rank == 0 ? options.Port : 0));
            socket.Listen(Math.Max(128, options.WorldSize));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void Accept()
    {
        while (!_closed && _listener is { } listener)
        {
            try
            {
                var socket = listener.Accept();
                if (_handshakes.Add(socket) is { } oldest)
                    MakeRoom(oldest);
                new Thread(() => Receive(socket)) { IsBackground = true, Name = "handshake" }.Start();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error) when (!_closed)
            {
                // A caller that hung up at once, or no descriptors left for a moment.
                Log.AcceptFailed(options.Logger, options.Rank, error.Message);
                Thread.Sleep(100);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private void Receive(Socket socket)
    {
        try
        {
            socket.SendTimeout = (int)options.HandshakeTimeout.TotalMilliseconds;
            var caller = Handshake.Answer(socket, Hello, options, () => _handshakes.CallsJob(socket));
            if (admit(caller, socket))
                return;

            socket.Send([Handshake.Rejected]);
            Postpone(socket, caller.Rank);
        }
        catch (HandshakeException error)
        {
            Refuse(socket, error.Message);
            if (error is OtherSizeException)
                mismatch(error.Message);
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException)
        {
            Refuse(socket, $"the connection broke: {error.Message}");
        }
        finally
        {
            _handshakes.Remove(socket);
        }
    }

    // Its own thread sees that the connection is gone, and ends.
    private static void MakeRoom(Socket oldest)
    {
        try
        {
            oldest.SendTimeout = 1;
            oldest.Send(Hello.BusyHead());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has gone already.
        }

        oldest.Dispose();
    }

    // It tries again and again, until the loss of its predecessor is seen.
    private void Postpone(Socket socket, int rank)
    {
        bool isNew;
        lock (_tooEarly)
            isNew = _tooEarly.Add(rank);

        if (isNew)
            Refuse(socket, $"worker {rank} is not expected now");
        else
            socket.Dispose();
    }

    private void Refuse(Socket socket, string reason)
    {
        if (!_closed && IsLogged())
            Log.ConnectionRefused(options.Logger, options.Rank, Caller(socket), reason);
        socket.Dispose();
    }

    // A flood of connections is no flood of lines.
    private bool IsLogged()
    {
        lock (_counting)
        {
            if (_window.Left <= TimeSpan.Zero)
            {
                if (_refused > LinesOfWindow)
                    Log.MoreRefused(options.Logger, options.Rank, _refused - LinesOfWindow);
                (_window, _refused) = (new(options.Time, Window), 0);
            }

            return ++_refused <= LinesOfWindow;
        }
    }

    private static string Caller(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "a caller";
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return "a caller";
        }
    }
}
