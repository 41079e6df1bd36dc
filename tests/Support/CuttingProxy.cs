using System.Net;
using System.Net.Sockets;

namespace Mimir.Tests.Support;

/// <summary>Passes TCP connections on and breaks each one off when the server has sent some bytes.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Queue<int> _limits;
    private readonly Action<int> _cut;
    private int _cuts;

    /// <summary>Listens.</summary>
    /// <param name="target">The server's port.</param>
    /// <param name="limits">The bytes of the first connections; the later ones are passed on whole.</param>
    /// <param name="cut">Told the number of cuts after each, before the client can know.</param>
    public CuttingProxy(int target, IEnumerable<int> limits, Action<int>? cut = null)
    {
        (_target, _limits, _cut) = (target, new(limits), cut ?? (_ => { }));
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Cuts => _cuts;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync(), _limits.TryDequeue(out var limit) ? limit : int.MaxValue);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient client, int limit)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _target);
        using (client)
        {
            var there = client.GetStream().CopyToAsync(server.GetStream());
            var buffer = new byte[4096];
            while (limit > 0)
            {
                var count = await server.GetStream().ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, limit)));
                if (count == 0)
                    break;

                await client.GetStream().WriteAsync(buffer.AsMemory(0, count));
                limit -= count;
            }

            if (limit == 0)
                _cut(++_cuts);
            _ = there.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
