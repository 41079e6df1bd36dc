using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mimir.Features.Signal;

/// <summary>
/// One stage of a mixed-radix transform by decimation in frequency: every block of M complex values becomes R
/// blocks of M / R, of which block k still has to be transformed into the frequencies k, k + R, k + 2 R, …
/// </summary>
/// <typeparam name="T">Single or double precision.</typeparam>
internal sealed class FftStage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _radix;
    private readonly int _block;
    private readonly T[] _cosine;
    private readonly T[] _sine;

    private FftStage(int radix, int block)
    {
        _radix = radix;
        _block = block;
        _cosine = new T[block];
        _sine = new T[block];
        for (var i = 0; i < block; i++)
        {
            var angle = 2 * Math.PI * i / block;
            _cosine[i] = T.CreateTruncating(Math.Cos(angle));
            _sine[i] = T.CreateTruncating(Math.Sin(angle));
        }
    }

    /// <summary>Factors a length into stages: fours first, then the primes.</summary>
    public static FftStage<T>[] Plan(int length)
    {
        var stages = new List<FftStage<T>>();
        for (var rest = length; rest > 1;)
        {
            var radix = rest % 4 == 0 ? 4 : Enumerable.Range(2, rest - 1).First(p => rest % p == 0);
            stages.Add(new FftStage<T>(radix, rest));
            rest /= radix;
        }

        return [.. stages];
    }

    /// <summary>The place of each frequency after the last stage.</summary>
    public static int[] Places(FftStage<T>[] stages, int length)
    {
        var places = new int[length];
        for (var frequency = 0; frequency < length; frequency++)
        {
            var rest = frequency;
            foreach (var stage in stages)
            {
                places[frequency] += rest % stage._radix * (stage._block / stage._radix);
                rest /= stage._radix;
            }
        }

        return places;
    }

    /// <summary>Applies the stage in place.</summary>
    /// <param name="z">Complex values, each a vector of real and a vector of imaginary parts.</param>
    public void Apply(Span<Vector<T>> z)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length % (2 * _block), 0, nameof(z));
        for (var start = 0; start < z.Length; start += 2 * _block)
        {
            var block = z.Slice(start, 2 * _block);
            if (_radix == 4)
                Radix4(block);
            else if (_radix == 2)
                Radix2(block);
            else
                AnyRadix(block);
        }
    }

    // References without bounds checks: this is the innermost loop of all extraction.
    private void Radix4(Span<Vector<T>> z)
    {
        nint half = z.Length / 4;
        ref var z0 = ref MemoryMarshal.GetReference(z);
        ref var z1 = ref Unsafe.Add(ref z0, half);
        ref var z2 = ref Unsafe.Add(ref z1, half);
        ref var z3 = ref Unsafe.Add(ref z2, half);
        ref var cosine = ref MemoryMarshal.GetArrayDataReference(_cosine);
        ref var sine = ref MemoryMarshal.GetArrayDataReference(_sine);
        for (nint i = 0; i < half; i += 2)
        {
            var sum02Re = Unsafe.Add(ref z0, i) + Unsafe.Add(ref z2, i);
            var sum02Im = Unsafe.Add(ref z0, i + 1) + Unsafe.Add(ref z2, i + 1);
            var difference02Re = Unsafe.Add(ref z0, i) - Unsafe.Add(ref z2, i);
            var difference02Im = Unsafe.Add(ref z0, i + 1) - Unsafe.Add(ref z2, i + 1);
            var sum13Re = Unsafe.Add(ref z1, i) + Unsafe.Add(ref z3, i);
            var sum13Im = Unsafe.Add(ref z1, i + 1) + Unsafe.Add(ref z3, i + 1);
            var difference13Re = Unsafe.Add(ref z1, i) - Unsafe.Add(ref z3, i);
            var difference13Im = Unsafe.Add(ref z1, i + 1) - Unsafe.Add(ref z3, i + 1);

            Unsafe.Add(ref z0, i) = sum02Re + sum13Re;
            Unsafe.Add(ref z0, i + 1) = sum02Im + sum13Im;
            Turn(
                difference02Re + difference13Im, difference02Im - difference13Re,
                Unsafe.Add(ref cosine, i / 2), Unsafe.Add(ref sine, i / 2), ref Unsafe.Add(ref z1, i));
            Turn(sum02Re - sum13Re, sum02Im - sum13Im, Unsafe.Add(ref cosine, i), Unsafe.Add(ref sine, i), ref Unsafe.Add(ref z2, i));
            Turn(
                difference02Re - difference13Im, difference02Im + difference13Re,
                Unsafe.Add(ref cosine, 3 * i / 2), Unsafe.Add(ref sine, 3 * i / 2), ref Unsafe.Add(ref z3, i));
        }
    }

    private void Radix2(Span<Vector<T>> z)
    {
        var z0 = z[.._block];
        var z1 = z.Slice(_block, _block);
        for (var i = 0; i < z0.Length; i += 2)
        {
            var differenceRe = z0[i] - z1[i];
            var differenceIm = z0[i + 1] - z1[i + 1];
            z0[i] += z1[i];
            z0[i + 1] += z1[i + 1];
            Turn(differenceRe, differenceIm, _cosine[i / 2], _sine[i / 2], ref z1[i]);
        }
    }

    // A plain sum of R terms for each of R outputs: enough for the small odd factors of frames that are not rounded.
    private void AnyRadix(Span<Vector<T>> z)
    {
        var part = _block / _radix;
        var input = new Vector<T>[2 * _radix];
        Span<Vector<T>> turned = stackalloc Vector<T>[2];
        for (var j = 0; j < part; j++)
        {
            for (var q = 0; q < _radix; q++)
                z.Slice(2 * (j + (q * part)), 2).CopyTo(input.AsSpan(2 * q));

            for (var k = 0; k < _radix; k++)
            {
                var (re, im) = (Vector<T>.Zero, Vector<T>.Zero);
                for (var q = 0; q < _radix; q++)
                {
                    var step = q * k % _radix * part;
                    Turn(input[2 * q], input[(2 * q) + 1], _cosine[step], _sine[step], ref turned[0]);
                    re += turned[0];
                    im += turned[1];
                }

                Turn(re, im, _cosine[j * k], _sine[j * k], ref z[2 * (j + (k * part))]);
            }
        }
    }

    // Multiplies by cosine - i sine; the imaginary part goes behind the real one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(Vector<T> re, Vector<T> im, T cosine, T sine, ref Vector<T> turned)
    {
        var (c, s) = (new Vector<T>(cosine), new Vector<T>(sine));
        turned = LaneMath.MultiplyAdd(re, c, im * s);
        Unsafe.Add(ref turned, 1) = LaneMath.MultiplyAdd(-re, s, im * c);
    }
}
