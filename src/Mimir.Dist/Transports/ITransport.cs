namespace Mimir.Dist.Transports;

/// <summary>Carries bytes between the workers of one job; messages between two workers with one tag keep their order.</summary>
/// <remarks>
/// <para>Any thread may call. No call waits for ever: each ends with its result, a
/// <see cref="PeerLostException"/>, or a <see cref="TimeoutException"/> that names the peer.</para>
/// <para><see cref="Send"/> never waits for the peer to receive: a message that nobody has received yet lies in the receiver's
/// memory. So two workers may send to each other first and receive then, whatever the size.</para>
/// <para>A worker may send to itself.</para>
/// </remarks>
public interface ITransport : IDisposable
{
    /// <summary>Gets this worker's index, from 0.</summary>
    int Rank { get; }

    /// <summary>Gets the number of workers that the job was started with; ranks are below it.</summary>
    int WorldSize { get; }

    /// <summary>Gets the longest wait.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Gets the lost workers that have connected again and wait for <see cref="Readmit"/>.</summary>
    /// <remarks>
    /// A worker is listed when it has connected to every worker that rank 0 counts as alive. So all can readmit it before the same
    /// step: it is connected to each of them already, even where it is not listed yet.
    /// </remarks>
    IReadOnlyList<int> Rejoining { get; }

    /// <summary>Sends a message; the bytes are free to be reused when the call returns.</summary>
    /// <param name="peer">The receiver's rank.</param>
    /// <param name="tag">Distinguishes conversations that go on at the same time.</param>
    /// <param name="message">The content, any length up to the transport's limit.</param>
    /// <exception cref="PeerLostException">The receiver is gone.</exception>
    /// <exception cref="TimeoutException">The receiver took nothing for too long.</exception>
    void Send(int peer, Tag tag, ReadOnlySpan<byte> message);

    /// <summary>Waits for a message.</summary>
    /// <param name="peer">The sender's rank.</param>
    /// <param name="tag">The sender's tag.</param>
    /// <param name="watched">
    /// When any of these workers is lost, other than by leaving in good order, the wait ends too: the sender may need it.
    /// </param>
    /// <returns>The message, to be disposed of.</returns>
    /// <exception cref="PeerLostException">The sender or a watched worker is gone.</exception>
    /// <exception cref="TimeoutException">Nothing came in time; the message names the peer.</exception>
    ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched = null);

    /// <summary>Takes the oldest message of a tag from whichever worker sent one, this one included.</summary>
    /// <param name="tag">The senders' tag.</param>
    /// <param name="wait">The longest wait; zero does not wait.</param>
    /// <returns>A message to be disposed of, or null when none came or a worker was lost or returned meanwhile.</returns>
    ReceivedMessage? TakeAny(Tag tag, TimeSpan wait);

    /// <summary>The reason why a worker counts as lost, or null while it is there.</summary>
    /// <param name="peer">Its rank.</param>
    string? LossOf(int peer);

    /// <summary>Throws when a worker is lost, or a watched one that did not leave in good order; for waits of another kind.</summary>
    /// <param name="peer">Its rank.</param>
    /// <param name="watched">The workers whose loss counts too.</param>
    /// <exception cref="PeerLostException">One of them is gone.</exception>
    void Check(int peer, WorkerGroup? watched = null);

    /// <summary>
    /// Counts a lost worker that has connected again as alive. Messages of its predecessor are dropped; its own wait to be taken.
    /// </summary>
    /// <remarks>
    /// <see cref="LossOf"/> is null afterwards when messages can be sent to it: the result is false, too, for a worker that is there
    /// already. Of two that rejoin at the same time one may find the other lost, so they readmit each other like all the rest of
    /// their group.
    /// </remarks>
    /// <param name="peer">Its rank.</param>
    /// <returns>False when it has not connected again, as always over transports without rejoining.</returns>
    bool Readmit(int peer);

    /// <summary>Drops messages, also those that still come, of groups formed before a generation.</summary>
    /// <param name="generation">The present generation.</param>
    void DiscardBefore(int generation);
}

/// <summary>Extensions that receive into memory of the caller.</summary>
public static class TransportExtensions
{
    /// <summary>Waits for a message and takes it into a buffer of exactly its length.</summary>
    /// <param name="transport">Carries it.</param>
    /// <param name="peer">The sender's rank.</param>
    /// <param name="tag">The sender's tag.</param>
    /// <param name="message">Filled whole.</param>
    /// <param name="watched">When any of these workers is lost, the wait ends too; see <see cref="ITransport.Take"/>.</param>
    /// <exception cref="PeerLostException">The sender or a watched worker is gone.</exception>
    /// <exception cref="TimeoutException">Nothing came in time; the message names the peer.</exception>
    /// <exception cref="InvalidDataException">The message has another length, so the workers do not run the same program.</exception>
    public static void Receive(this ITransport transport, int peer, Tag tag, Span<byte> message, WorkerGroup? watched = null)
    {
        using var received = transport.Take(peer, tag, watched);
        received.BytesOf(message.Length, transport.Rank).CopyTo(message);
    }

    /// <summary>Waits for a message of any length.</summary>
    /// <param name="transport">Carries it.</param>
    /// <param name="peer">The sender's rank.</param>
    /// <param name="tag">The sender's tag.</param>
    /// <param name="maximum">The most bytes that make sense.</param>
    /// <param name="watched">When any of these workers is lost, the wait ends too; see <see cref="ITransport.Take"/>.</param>
    /// <exception cref="PeerLostException">The sender or a watched worker is gone.</exception>
    /// <exception cref="TimeoutException">Nothing came in time; the message names the peer.</exception>
    /// <exception cref="InvalidDataException">The message is longer.</exception>
    public static byte[] ReceiveMessage(this ITransport transport, int peer, Tag tag, int maximum, WorkerGroup? watched = null)
    {
        using var received = transport.Take(peer, tag, watched);
        return received.Bytes.Length <= maximum
            ? received.Bytes.ToArray()
            : throw new InvalidDataException(
                $"worker {peer} sent {received.Bytes.Length} bytes, worker {transport.Rank} takes {maximum} at most");
    }
}
