using Mimir.Core.Native;

namespace Mimir.Bench.Rungs;

/// <summary>The threads of Mimir's steps.</summary>
internal static class MimirThreads
{
    /// <summary>Sets their number, or lets Mimir choose it as <c>mimir train</c> does.</summary>
    /// <param name="count">The number; 0 for the choice.</param>
    public static void Use(int count)
    {
        if (count == 0)
            Threads.Choose(Environment.ProcessorCount);
        else
            Threads.Count = count;
    }
}
