namespace Mimir.Base;

/// <summary>Frees the large objects that nobody uses any more, before many of them lie in memory.</summary>
public static class LargeObjects
{
    // The collector of .NET waits until several times the live memory is garbage; it counts large arrays apart.
    private const long Large = 16 << 20;
    private const long Together = 128 << 20;

    private static long _since;

    /// <summary>Allocates zeros, with room made for them.</summary>
    /// <param name="count">The number of values.</param>
    public static float[] Zeros(int count)
    {
        Expect((long)count * sizeof(float));
        return new float[count];
    }

    /// <summary>Makes room for an array that is about to be allocated.</summary>
    /// <param name="bytes">Its size.</param>
    public static void Expect(long bytes)
    {
        if (bytes < Large || Interlocked.Add(ref _since, bytes) < Together)
            return;

        Interlocked.Exchange(ref _since, 0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }
}
