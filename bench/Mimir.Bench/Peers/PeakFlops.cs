using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mimir.Bench.Peers;

/// <summary>What one core's multipliers can do when nothing is fetched from memory.</summary>
internal static class PeakFlops
{
    /// <summary>Measures fused multiply-adds on registers.</summary>
    /// <returns>Operations per second of one thread; a multiply-add is two.</returns>
    public static double Measure(double seconds)
    {
        double best = 0;
        var start = Stopwatches.Now();
        do
        {
            const int Steps = 2_000_000;
            var begin = Stopwatches.Now();
            var guard = Vector512.IsHardwareAccelerated ? Wide(Steps) : Narrow(Steps);
            var elapsed = Stopwatches.Now() - begin;
            var lanes = Vector512.IsHardwareAccelerated ? 16 : 8;
            if (guard != 0)
                best = Math.Max(best, Steps * 10.0 * lanes * 2 / elapsed);
        }
        while (Stopwatches.Now() - start < seconds);
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Narrow(int steps)
    {
        Vector256<float> a = Vector256.Create(1f), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a;
        var (x, y) = (Vector256.Create(0.999f), Vector256.Create(0.001f));
        for (var s = 0; s < steps; s++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Wide(int steps)
    {
        Vector512<float> a = Vector512.Create(1f), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a;
        var (x, y) = (Vector512.Create(0.999f), Vector512.Create(0.001f));
        for (var s = 0; s < steps; s++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j);
    }
}
