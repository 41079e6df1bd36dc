using Mimir.Dist.Native;

namespace Mimir.Dist.Collectives.SharedMemory;

/// <summary>A rising number in shared memory that one process writes and others wait for.</summary>
/// <param name="word">The number, followed by how many sleep.</param>
internal readonly unsafe struct SharedCounter(int* word)
{
    // How long a sleeper goes without looking whether the job is still whole.
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the number has come to a value; it may wrap around.</summary>
    public bool Reached(int value) => Volatile.Read(ref *word) - value >= 0;

    /// <summary>Sets the number and wakes who sleeps.</summary>
    public void Set(int value)
    {
        Volatile.Write(ref *word, value);

        // The sleepers are counted before they look at the number: one of both sides sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref word[1]) != 0)
            Futex.WakeAll(word);
    }

    /// <summary>Sleeps a while, or until the number changes.</summary>
    public void Sleep(int value)
    {
        Interlocked.Increment(ref word[1]);
        var seen = Volatile.Read(ref *word);
        if (seen - value < 0)
            Futex.Sleep(word, seen, Nap);

        Interlocked.Decrement(ref word[1]);
    }
}
