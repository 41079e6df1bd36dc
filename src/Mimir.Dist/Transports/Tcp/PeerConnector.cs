using System.Net;
using System.Net.Sockets;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>Connects to other workers, again and again until they answer.</summary>
/// <param name="options">The token, and where rank 0 is.</param>
/// <param name="hello">Makes this worker's hello.</param>
/// <param name="isConnected">Returns true when there is a connection to a worker already.</param>
/// <param name="pause">Waits, unless this worker leaves.</param>
internal sealed class PeerConnector(TcpTransportOptions options, Func<Hello> hello, Predicate<int> isConnected, Action<TimeSpan> pause)
{
    // Tries after which a side that hangs up without a word does not want this worker.
    private const int MostHangUps = 10;

    /// <summary>The addresses on which rank 0 may listen.</summary>
    /// <exception cref="IOException">Its host is not known.</exception>
    public List<IPEndPoint> PlacesOfRankZero()
    {
        try
        {
            return [.. Dns.GetHostAddresses(options.Host).Select(address => new IPEndPoint(address, options.Port))];
        }
        catch (SocketException error)
        {
            throw new IOException($"{options.Host}: the host of worker 0 is not known: {error.Message}", error);
        }
    }

    /// <summary>Connects to a worker and proves the token.</summary>
    /// <param name="peer">Its rank.</param>
    /// <param name="places">The addresses on which it may listen.</param>
    /// <param name="clock">The end of the tries.</param>
    /// <returns>The connection, or null when the worker has called itself meanwhile.</returns>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="IOException">Something else answers there; or the job of a rejoining worker is over: nobody listens.</exception>
    public Socket? Call(int peer, List<IPEndPoint> places, Deadline clock)
    {
        var goneFor = new Deadline(options.Time, (2 * options.Silence) + options.HandshakeTimeout);

        // The peer may not listen yet, or may not have seen that this worker's predecessor is lost.
        var hangUps = 0;
        for (var attempt = 0; !isConnected(peer); attempt++)
        {
            var place = places[attempt % places.Count];
            var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                // The system bounds a blocking connect by the time-out of sending.
                socket.SendTimeout = (int)Math.Clamp(clock.Left.TotalMilliseconds, 100, 10_000);
                socket.Connect(place);
                Handshake.Call(socket, hello(), peer, options);
                return socket;
            }
            catch (HandshakeException error) when (
                clock.Left <= TimeSpan.Zero || !error.Again && !(error.HungUp && ++hangUps < MostHangUps))
            {
                socket.Dispose();
                throw new IOException($"worker {peer} at {place}: {error.Message}", error);
            }
            catch (Exception error) when (error is HandshakeException or SocketException)
            {
                socket.Dispose();
                if (clock.Left <= TimeSpan.Zero)
                    throw new TimeoutException($"worker {peer} at {place} could not be reached in time", error);
                if (error is not SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                    goneFor = new(options.Time, (2 * options.Silence) + options.HandshakeTimeout);
                else if (options.IsRejoining && goneFor.Left <= TimeSpan.Zero)
                    throw new IOException($"worker {peer} at {place} listens no more: the job is over", error);

                pause(TimeSpan.FromMilliseconds(Math.Min(1000, 100 * (attempt + 1))));
            }
            catch (Exception)
            {
                socket.Dispose();
                throw;
            }
        }

        return null;
    }
}
