using System.Net;
using System.Net.Sockets;

namespace Mimir.Dist.Launch;

/// <summary>Finds a port for rank 0.</summary>
public static class FreePort
{
    /// <summary>A port of this machine that was free a moment ago; who listens there says so when it no longer is.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static int Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)(socket.LocalEndPoint ?? throw new IOException("no port is free"))).Port;
    }
}
