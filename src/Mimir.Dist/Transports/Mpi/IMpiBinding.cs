namespace Mimir.Dist.Transports.Mpi;

/// <summary>The calls of an MPI library that a transport makes: one at a time, and none of them waits.</summary>
/// <remarks>
/// Every call may throw <see cref="IOException"/> with the library's message. It is disposed of, which ends the library, only
/// after all workers have said goodbye.
/// </remarks>
public interface IMpiBinding : IDisposable
{
    /// <summary>Gets the name of the library in use.</summary>
    string Library { get; }

    /// <summary>Gets this worker's index, from 0.</summary>
    int Rank { get; }

    /// <summary>Gets the number of workers.</summary>
    int Size { get; }

    /// <summary>Begins to send a message.</summary>
    /// <param name="peer">The receiver's rank.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="buffer">The content, which stays where it is until <see cref="Test"/> is true.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>The operation.</returns>
    nint Send(int peer, int tag, nint buffer, int length);

    /// <summary>Looks for a message that has come.</summary>
    /// <param name="peer">The sender's rank.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="length">The bytes of the content.</param>
    bool Probe(out int peer, out int tag, out int length);

    /// <summary>Begins to receive a message that <see cref="Probe"/> has found; the parameters are those of <see cref="Send"/>.</summary>
    /// <param name="peer">The sender's rank.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="buffer">Filled with the content.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>The operation.</returns>
    nint Receive(int peer, int tag, nint buffer, int length);

    /// <summary>True when an operation has ended; then it is not to be tested again.</summary>
    /// <param name="operation">What <see cref="Send"/> or <see cref="Receive"/> has returned.</param>
    bool Test(ref nint operation);
}
