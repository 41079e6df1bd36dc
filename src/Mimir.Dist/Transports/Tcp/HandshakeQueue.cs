using System.Net.Sockets;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>The connections that have not proven yet who they are.</summary>
/// <remarks>
/// Of too many the oldest make room, strangers before callers of the job. A worker says which job it calls as soon as it is
/// connected, so a flood of silent connections keeps none out.
/// </remarks>
/// <param name="most">The most connections.</param>
internal sealed class HandshakeQueue(int most)
{
    private readonly LinkedList<Socket> _strangers = [];
    private readonly LinkedList<Socket> _callers = [];

    /// <summary>Adds a connection.</summary>
    /// <returns>The one that has to go, or null when there was room.</returns>
    public Socket? Add(Socket socket)
    {
        lock (_strangers)
        {
            _strangers.AddLast(socket);
            if (_strangers.Count + _callers.Count <= most)
                return null;

            var list = _strangers.Count > 1 || _callers.Count == 0 ? _strangers : _callers;
            var oldest = list.First?.Value;
            list.RemoveFirst();
            return oldest;
        }
    }

    /// <summary>Notes that a connection calls this job.</summary>
    public void CallsJob(Socket socket)
    {
        lock (_strangers)
        {
            if (_strangers.Remove(socket))
                _callers.AddLast(socket);
        }
    }

    /// <summary>Removes a connection whose handshake is over.</summary>
    public void Remove(Socket socket)
    {
        lock (_strangers)
        {
            if (!_strangers.Remove(socket))
                _callers.Remove(socket);
        }
    }
}
