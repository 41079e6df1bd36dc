using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mimir.Features.Signal;

/// <summary>Transposes rows of numbers into the lanes of vectors, one row a lane, and back.</summary>
internal static class LaneTranspose
{
    private const int Side = 8;

    /// <summary>Puts rows into lanes.</summary>
    /// <param name="rows">As many rows as a vector has lanes.</param>
    /// <param name="stride">Distance from the start of a row to the start of the next; rows may overlap.</param>
    /// <param name="lanes">Receives element i of every row in vector i.</param>
    public static void ToLanes(ReadOnlySpan<float> rows, int stride, Span<Vector<float>> lanes)
    {
        _ = rows[((Vector<float>.Count - 1) * stride) + lanes.Length - 1];
        Turn(
            ref MemoryMarshal.GetReference(rows), stride, lanes.Length,
            ref MemoryMarshal.GetReference(MemoryMarshal.Cast<Vector<float>, float>(lanes)), Vector<float>.Count, Vector<float>.Count);
    }

    /// <summary>Puts lanes back into rows that follow each other without a gap.</summary>
    /// <param name="lanes">A vector for each element of a row.</param>
    /// <param name="rows">Receives a row for each lane, from the first, as many as fit.</param>
    public static void ToRows<T>(ReadOnlySpan<Vector<T>> lanes, Span<T> rows)
        where T : unmanaged
    {
        var count = rows.Length / lanes.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Vector<T>.Count, nameof(rows));
        if (typeof(T) == typeof(float))
        {
            Turn(
                ref MemoryMarshal.GetReference(MemoryMarshal.Cast<Vector<T>, float>(lanes)), Vector<T>.Count, count,
                ref MemoryMarshal.GetReference(MemoryMarshal.Cast<T, float>(rows)), lanes.Length, lanes.Length);
            return;
        }

        for (var i = 0; i < lanes.Length; i++)
        {
            for (var lane = 0; lane < count; lane++)
                rows[(lane * lanes.Length) + i] = lanes[i][lane];
        }
    }

    // to[j, i] = from[i, j] for i < height and j < width, in squares as far as they fit.
    private static void Turn(ref float from, int fromStride, int width, ref float to, int toStride, int height)
    {
        var (squareWidth, squareHeight) = Avx.IsSupported ? (width & -Side, height & -Side) : (0, 0);
        for (var i = 0; i < squareHeight; i += Side)
        {
            for (var j = 0; j < squareWidth; j += Side)
            {
                TurnSquare(
                    ref Unsafe.Add(ref from, (i * fromStride) + j), fromStride,
                    ref Unsafe.Add(ref to, (j * toStride) + i), toStride);
            }
        }

        for (var i = 0; i < height; i++)
        {
            for (var j = i < squareHeight ? squareWidth : 0; j < width; j++)
                Unsafe.Add(ref to, (j * toStride) + i) = Unsafe.Add(ref from, (i * fromStride) + j);
        }
    }

    private static void TurnSquare(ref float from, nint fromStride, ref float to, nint toStride)
    {
        var r0 = Row(ref from, 0);
        var r1 = Row(ref from, fromStride);
        var r2 = Row(ref from, 2 * fromStride);
        var r3 = Row(ref from, 3 * fromStride);
        var r4 = Row(ref from, 4 * fromStride);
        var r5 = Row(ref from, 5 * fromStride);
        var r6 = Row(ref from, 6 * fromStride);
        var r7 = Row(ref from, 7 * fromStride);
        TurnHalves(r0, r1, r2, r3, out r0, out r1, out r2, out r3);
        TurnHalves(r4, r5, r6, r7, out r4, out r5, out r6, out r7);
        Avx.Permute2x128(r0, r4, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(r1, r5, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, toStride));
        Avx.Permute2x128(r2, r6, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, 2 * toStride));
        Avx.Permute2x128(r3, r7, 0x20).StoreUnsafe(ref Unsafe.Add(ref to, 3 * toStride));
        Avx.Permute2x128(r0, r4, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 4 * toStride));
        Avx.Permute2x128(r1, r5, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 5 * toStride));
        Avx.Permute2x128(r2, r6, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 6 * toStride));
        Avx.Permute2x128(r3, r7, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 7 * toStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(ref float from, nint offset) => Vector256.LoadUnsafe(ref Unsafe.Add(ref from, offset));

    // Turns the square of 4 in each half of four rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnHalves(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d,
        out Vector256<float> column0, out Vector256<float> column1, out Vector256<float> column2, out Vector256<float> column3)
    {
        var (lowAb, highAb) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
        var (lowCd, highCd) = (Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        column0 = Avx.Shuffle(lowAb, lowCd, 0x44);
        column1 = Avx.Shuffle(lowAb, lowCd, 0xEE);
        column2 = Avx.Shuffle(highAb, highCd, 0x44);
        column3 = Avx.Shuffle(highAb, highCd, 0xEE);
    }
}
