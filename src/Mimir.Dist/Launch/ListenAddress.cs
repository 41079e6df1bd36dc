using System.Net;
using System.Net.Sockets;
using Mimir.Base;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Launch;

/// <summary>Chooses the one interface on which a worker listens.</summary>
internal static class ListenAddress
{
    private const string Variable = "MIMIR_LISTEN";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The given interface, or the one that reaches rank 0: the others reach this worker there too.</summary>
    /// <param name="variables">The environment.</param>
    /// <param name="host">The host of rank 0.</param>
    /// <param name="port">The port there.</param>
    /// <param name="patience">The longest wait for a network that is down.</param>
    /// <exception cref="InputException">The given address is none.</exception>
    /// <exception cref="IOException">No interface reaches rank 0.</exception>
    public static IPAddress Choose(IReadOnlyDictionary<string, string> variables, string host, int port, TimeSpan patience)
    {
        if (variables.GetValueOrDefault(Variable) is { Length: > 0 } stated)
        {
            return IPAddress.TryParse(stated, out var address)
                ? address
                : throw new InputException($"{Variable}={stated}: expected the address of an interface of this machine");
        }

        for (var clock = new Deadline(TimeProvider.System, patience); ; Thread.Sleep(Pause))
        {
            try
            {
                // Nothing is sent: the system only looks up the route.
                using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                probe.Connect(host, port);
                return probe.LocalEndPoint is IPEndPoint end ? end.Address : IPAddress.Loopback;
            }
            catch (SocketException error) when (clock.Left <= TimeSpan.Zero)
            {
                throw new IOException($"{host}: rank 0 of the job cannot be reached ({error.Message})", error);
            }
            catch (SocketException)
            {
                // The network may come back while the others go on.
            }
        }
    }
}
