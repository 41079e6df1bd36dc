using System.Numerics;

namespace Mimir.Dist.Collectives;

/// <summary>Chooses by trials whether slots are filled through the cache or around it.</summary>
/// <remarks>
/// <para>Between cores with one last-level cache the cache is up to twice as fast. Between cores that have none in common every
/// line must be fetched from the other core, and memory is up to twice as fast. Where the system runs the workers may change at
/// any time, so the slower way is tried again now and then. The sums are the same.</para>
/// <para>The first member decides for all, since a time says nothing of either way where members differ. It does so one sum
/// ahead, so that the others know when they begin.</para>
/// </remarks>
/// <param name="leads">True for the member that decides.</param>
internal sealed class StoreTrials(bool leads)
{
    /// <summary>The number of decisions that are shared: two for each power of two of elements, used in turn.</summary>
    public const int Decisions = 64;

    private const int Interval = 32;

    private readonly int[] _counts = new int[Decisions / 2];
    private readonly long[] _through = new long[Decisions / 2];
    private readonly long[] _around = new long[Decisions / 2];

    /// <summary>The way of a sum that begins.</summary>
    /// <param name="length">Its elements.</param>
    /// <param name="decisions">The shared decisions.</param>
    /// <returns>True for the way around the cache.</returns>
    public bool Begin(int length, Span<int> decisions)
    {
        var size = BitOperations.Log2((uint)length);
        var next = ++_counts[size];
        if (leads)
            Volatile.Write(ref decisions[Place(size, next)], Choose(size, next) ? 1 : 0);

        return Volatile.Read(ref decisions[Place(size, next - 1)]) != 0;
    }

    /// <summary>Notes how long a sum took.</summary>
    public void End(int length, bool around, TimeSpan time)
    {
        ref var known = ref (around ? _around : _through)[BitOperations.Log2((uint)length)];

        // What disturbs a sum makes it slower: the quickest counts, and is forgotten slowly.
        known = known == 0 ? time.Ticks : Math.Min(time.Ticks, known + (known / 8) + 1);
    }

    private static int Place(int size, int count) => (2 * size) + (count & 1);

    private bool Choose(int size, int count)
    {
        if (count == 1 || _around[size] == 0)
            return count == 1;

        var faster = _around[size] < _through[size];
        return count % Interval == 0 ? !faster : faster;
    }
}
