namespace Mimir.Dist.Transports;

/// <summary>Carries bytes between the workers of one job; messages between two workers with one tag keep their order.</summary>
public interface ITransport
{
    /// <summary>Gets this worker's index, from 0.</summary>
    int Rank { get; }

    /// <summary>Gets the number of workers.</summary>
    int WorldSize { get; }

    /// <summary>Sends a message; the bytes are free to be reused when the call returns.</summary>
    /// <param name="peer">The receiver's rank.</param>
    /// <param name="tag">Distinguishes conversations that go on at the same time.</param>
    /// <param name="message">The content, any length.</param>
    void Send(int peer, int tag, ReadOnlySpan<byte> message);

    /// <summary>Waits for a message and takes it into a buffer of exactly its length.</summary>
    /// <param name="peer">The sender's rank.</param>
    /// <param name="tag">The sender's tag.</param>
    /// <param name="message">Filled whole.</param>
    /// <exception cref="TimeoutException">Nothing came in time; the message names the peer.</exception>
    /// <exception cref="InvalidDataException">The message has another length, so the workers do not run the same program.</exception>
    void Receive(int peer, int tag, Span<byte> message);
}
