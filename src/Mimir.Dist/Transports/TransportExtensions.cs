namespace Mimir.Dist.Transports;

/// <summary>Receiving into memory of one's own.</summary>
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
