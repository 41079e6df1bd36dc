using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mimir.Dist.Collectives;

/// <summary>Copies and sums of the pieces that pass through shared memory.</summary>
/// <remarks>
/// <para>Plain loads and stores, aligned to the lines of the target: the runtime's own copy hands large pieces to instructions
/// that go around the cache, and so to the other worker by way of memory.</para>
/// <para>Optimised at once: a worker may sum few large vectors before the compiler would look at it again.</para>
/// </remarks>
internal static unsafe class Vectors
{
    private const nuint LineBytes = 64;

    /// <summary>Copies a vector.</summary>
    /// <param name="source">What is copied.</param>
    /// <param name="target">Begins with it afterwards; it does not move meanwhile.</param>
    /// <param name="around">Writes around the cache; a memory barrier must come before another processor reads it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(ReadOnlySpan<float> source, Span<float> target, bool around = false)
    {
        target = target[..source.Length];
        ref var x = ref MemoryMarshal.GetReference(source);
        ref var z = ref MemoryMarshal.GetReference(target);
        nuint i = 0, length = (nuint)target.Length, lead = Lead(ref z, length);
        for (; i < lead; i++)
            Unsafe.Add(ref z, i) = Unsafe.Add(ref x, i);

        if (around)
        {
            for (; i + (nuint)Vector512<float>.Count <= length; i += (nuint)Vector512<float>.Count)
                Vector512.LoadUnsafe(ref x, i).StoreAlignedNonTemporal((float*)Unsafe.AsPointer(ref Unsafe.Add(ref z, i)));
        }

        for (; i + (nuint)Vector512<float>.Count <= length; i += (nuint)Vector512<float>.Count)
            Vector512.LoadUnsafe(ref x, i).StoreUnsafe(ref z, i);

        for (; i < length; i++)
            Unsafe.Add(ref z, i) = Unsafe.Add(ref x, i);
    }

    /// <summary>Adds <paramref name="other"/> to <paramref name="target"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> other, Span<float> target)
    {
        ref var x = ref MemoryMarshal.GetReference(other[..target.Length]);
        ref var z = ref MemoryMarshal.GetReference(target);
        nuint i = 0, length = (nuint)target.Length, lead = Lead(ref z, length);
        for (; i < lead; i++)
            Unsafe.Add(ref z, i) += Unsafe.Add(ref x, i);

        for (; i + (nuint)Vector512<float>.Count <= length; i += (nuint)Vector512<float>.Count)
            (Vector512.LoadUnsafe(ref z, i) + Vector512.LoadUnsafe(ref x, i)).StoreUnsafe(ref z, i);

        for (; i < length; i++)
            Unsafe.Add(ref z, i) += Unsafe.Add(ref x, i);
    }

    /// <summary>Writes the sum of two vectors to a third.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(ReadOnlySpan<float> one, ReadOnlySpan<float> other, Span<float> target)
    {
        ref var x = ref MemoryMarshal.GetReference(one[..target.Length]);
        ref var y = ref MemoryMarshal.GetReference(other[..target.Length]);
        ref var z = ref MemoryMarshal.GetReference(target);
        nuint i = 0, length = (nuint)target.Length, lead = Lead(ref z, length);
        for (; i < lead; i++)
            Unsafe.Add(ref z, i) = Unsafe.Add(ref x, i) + Unsafe.Add(ref y, i);

        for (; i + (nuint)Vector512<float>.Count <= length; i += (nuint)Vector512<float>.Count)
            (Vector512.LoadUnsafe(ref x, i) + Vector512.LoadUnsafe(ref y, i)).StoreUnsafe(ref z, i);

        for (; i < length; i++)
            Unsafe.Add(ref z, i) = Unsafe.Add(ref x, i) + Unsafe.Add(ref y, i);
    }

    /// <summary>Writes the sum of two vectors to two places.</summary>
    /// <param name="one">A vector.</param>
    /// <param name="other">Another.</param>
    /// <param name="own">The first place; it may be one of both.</param>
    /// <param name="target">The second place; it does not move meanwhile.</param>
    /// <param name="around">Writes the second place around the cache, as in <see cref="Copy"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumToBoth(ReadOnlySpan<float> one, ReadOnlySpan<float> other, Span<float> own, Span<float> target, bool around)
    {
        ref var x = ref MemoryMarshal.GetReference(one[..target.Length]);
        ref var y = ref MemoryMarshal.GetReference(other[..target.Length]);
        ref var u = ref MemoryMarshal.GetReference(own[..target.Length]);
        ref var z = ref MemoryMarshal.GetReference(target);
        nuint i = 0, length = (nuint)target.Length, lead = Lead(ref z, length);
        for (; i < lead; i++)
            Unsafe.Add(ref z, i) = Unsafe.Add(ref u, i) = Unsafe.Add(ref x, i) + Unsafe.Add(ref y, i);

        if (around)
        {
            for (; i + (nuint)Vector512<float>.Count <= length; i += (nuint)Vector512<float>.Count)
            {
                var sum = Vector512.LoadUnsafe(ref x, i) + Vector512.LoadUnsafe(ref y, i);
                sum.StoreUnsafe(ref u, i);
                sum.StoreAlignedNonTemporal((float*)Unsafe.AsPointer(ref Unsafe.Add(ref z, i)));
            }
        }

        for (; i + (nuint)Vector512<float>.Count <= length; i += (nuint)Vector512<float>.Count)
        {
            var sum = Vector512.LoadUnsafe(ref x, i) + Vector512.LoadUnsafe(ref y, i);
            sum.StoreUnsafe(ref u, i);
            sum.StoreUnsafe(ref z, i);
        }

        for (; i < length; i++)
            Unsafe.Add(ref z, i) = Unsafe.Add(ref u, i) = Unsafe.Add(ref x, i) + Unsafe.Add(ref y, i);
    }

    /// <summary>The elements before the first line that lies whole in the target.</summary>
    private static nuint Lead(ref float target, nuint length) =>
        Math.Min(length, (0 - (nuint)Unsafe.AsPointer(ref target)) % LineBytes / sizeof(float));
}
