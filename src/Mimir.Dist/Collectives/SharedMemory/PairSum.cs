using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mimir.Dist.Collectives.SharedMemory;

/// <summary>The sum of two members' parts.</summary>
internal static class PairSum
{
    /// <summary>Adds <paramref name="other"/> to <paramref name="own"/> and writes the sum to a second place on the way.</summary>
    /// <remarks>Optimised at once: a worker may sum few large vectors before the compiler would look at it again.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddToBoth(ReadOnlySpan<float> other, Span<float> own, Span<float> second)
    {
        ref var x = ref MemoryMarshal.GetReference(other);
        ref var y = ref MemoryMarshal.GetReference(own);
        ref var z = ref MemoryMarshal.GetReference(second);
        nuint i = 0;
        for (; (int)i <= own.Length - Vector<float>.Count; i += (nuint)Vector<float>.Count)
        {
            var sum = Vector.LoadUnsafe(ref x, i) + Vector.LoadUnsafe(ref y, i);
            sum.StoreUnsafe(ref y, i);
            sum.StoreUnsafe(ref z, i);
        }

        for (; (int)i < own.Length; i++)
            second[(int)i] = own[(int)i] += other[(int)i];
    }
}
