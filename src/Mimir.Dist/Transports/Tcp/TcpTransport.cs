using System.Net.Sockets;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>Joins workers over TCP: they rendezvous at rank 0's address, prove the job's token, and all connect to all.</summary>
/// <remarks>
/// A connection that does not prove the token, speaks another version or belongs to another job is closed with one line
/// in the log and disturbs nobody. A worker whose connection ends, or that sends no heartbeat for
/// <see cref="TcpTransportOptions.Silence"/>, is lost.
/// <para>A worker started in its place with <see cref="TcpTransportOptions.IsRejoining"/> gets the list of living workers from rank 0,
/// connects to all of them, and is then listed in their <see cref="Rejoining"/>: <see cref="Connect"/> waits neither for lost
/// workers nor for others that rejoin at the same time. Ranks that are not there count as lost. While the others have not yet seen
/// that its predecessor is gone, or rank 0 is out of reach, it tries again until the time-out. It may send at once; workers that
/// have not called <see cref="Readmit"/> take nothing from it. Before all are connected for the first time rank 0 waits for
/// workers that have never called it; such a worker may come as a rejoining one.</para>
/// </remarks>
public sealed class TcpTransport : ITransport
{
    private readonly TcpTransportOptions _options;
    private readonly Mailbox _mailbox;
    private readonly TcpMesh _mesh;

    private TcpTransport(TcpTransportOptions options)
    {
        _options = options;
        _mailbox = new(options.Rank, options.WorldSize, options.Timeout, options.Time);
        _mesh = new(options, _mailbox);
    }

    /// <inheritdoc/>
    public int Rank => _options.Rank;

    /// <inheritdoc/>
    public int WorldSize => _options.WorldSize;

    /// <inheritdoc/>
    public TimeSpan Timeout => _options.Timeout;

    /// <inheritdoc/>
    public IReadOnlyList<int> Rejoining => _mailbox.Rejoining;

    /// <summary>
    /// Joins the job: returns when all workers are connected to each other; a rejoining one when it is connected to all that live.
    /// </summary>
    /// <remarks>
    /// All must connect to rank 0. Once it has sent everyone the list of workers, a worker that another cannot reach within some
    /// seconds counts as lost for that one.
    /// </remarks>
    /// <param name="options">The rank, the rendezvous and the limits.</param>
    /// <exception cref="TimeoutException">Some workers did not come; the message names them.</exception>
    /// <exception cref="IOException">The address cannot be listened on or is another program's.</exception>
    public static TcpTransport Connect(TcpTransportOptions options)
    {
        options.Check();
        var transport = new TcpTransport(options);
        try
        {
            transport._mesh.Join();
            return transport;
        }
        catch (Exception)
        {
            transport.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Send(int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        CheckPeer(peer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, _options.MaximumMessage, nameof(message));
        if (peer == Rank)
        {
            _mailbox.Deliver(tag, ReceivedMessage.Copy(Rank, message));
            return;
        }

        _mailbox.ThrowIfLost(peer);
        _mailbox.BeginCall();
        try
        {
            _mesh.Connection(peer).Send(tag, message);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.TimedOut)
        {
            // Part of the message may be on its way, so the connection is of no more use.
            _mesh.Drop(peer, $"it took nothing for {Timeout.TotalSeconds:0.#} s");
            throw new TimeoutException($"worker {peer} took nothing from worker {Rank} for {Timeout.TotalSeconds:0.#} s", error);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            _mesh.Drop(peer, $"the connection broke: {error.Message}");
            throw new PeerLostException(peer, _mailbox.LossOf(peer) ?? error.Message, error);
        }
        finally
        {
            _mailbox.EndCall();
        }
    }

    /// <inheritdoc/>
    public ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched = null)
    {
        CheckPeer(peer);
        return _mailbox.Take(peer, tag, watched);
    }

    /// <inheritdoc/>
    public ReceivedMessage? TakeAny(Tag tag, TimeSpan wait) => _mailbox.TakeAny(tag, wait);

    /// <inheritdoc/>
    public string? LossOf(int peer) => _mailbox.LossOf(peer);

    /// <inheritdoc/>
    public void Check(int peer, WorkerGroup? watched = null) => _mailbox.Check(peer, watched);

    /// <inheritdoc/>
    public bool Readmit(int peer) => _mailbox.Readmit(peer);

    /// <inheritdoc/>
    public void DiscardBefore(int generation) => _mailbox.DiscardBefore(generation);

    /// <summary>Leaves the job; messages sent before still arrive.</summary>
    public void Dispose() => _mesh.Dispose();

    private void CheckPeer(int peer) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)peer, (uint)WorldSize, nameof(peer));
}
