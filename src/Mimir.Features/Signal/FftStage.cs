using System.Numerics;

namespace Mimir.Features.Signal;

/// <summary>
/// One stage of a mixed-radix transform by decimation in frequency: every block of M complex values becomes R
/// blocks of M / R,
/// of which block k still has to be transformed into the frequencies k, k + R, k + 2 R, …
/// </summary>
internal sealed class FftStage
{
    private readonly int _radix;
    private readonly int _block;
    private readonly float[] _cosine;
    private readonly float[] _sine;

    private FftStage(int radix, int block)
    {
        _radix = radix;
        _block = block;
        _cosine = new float[block];
        _sine = new float[block];
        for (var i = 0; i < block; i++)
        {
            var angle = 2 * Math.PI * i / block;
            _cosine[i] = (float)Math.Cos(angle);
            _sine[i] = (float)Math.Sin(angle);
        }
    }

    /// <summary>Factors a length into stages: fours first, then the primes.</summary>
    public static FftStage[] Plan(int length)
    {
        var stages = new List<FftStage>();
        for (var rest = length; rest > 1;)
        {
            var radix = rest % 4 == 0 ? 4 : Enumerable.Range(2, rest - 1).First(p => rest % p == 0);
            stages.Add(new FftStage(radix, rest));
            rest /= radix;
        }

        return [.. stages];
    }

    /// <summary>Tells for each frequency the place where the last stage leaves it.</summary>
    public static int[] Places(FftStage[] stages, int length)
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
    public void Apply(Span<Vector<float>> z)
    {
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

    private void Radix4(Span<Vector<float>> z)
    {
        var quarter = _block / 4;
        var z0 = z[..(2 * quarter)];
        var z1 = z.Slice(2 * quarter, z0.Length);
        var z2 = z.Slice(4 * quarter, z0.Length);
        var z3 = z.Slice(6 * quarter, z0.Length);
        for (int j = 0, i = 0; j < quarter; j++, i += 2)
        {
            var sum02Re = z0[i] + z2[i];
            var sum02Im = z0[i + 1] + z2[i + 1];
            var difference02Re = z0[i] - z2[i];
            var difference02Im = z0[i + 1] - z2[i + 1];
            var sum13Re = z1[i] + z3[i];
            var sum13Im = z1[i + 1] + z3[i + 1];
            var difference13Re = z1[i] - z3[i];
            var difference13Im = z1[i + 1] - z3[i + 1];

            z0[i] = sum02Re + sum13Re;
            z0[i + 1] = sum02Im + sum13Im;
            Turn(difference02Re + difference13Im, difference02Im - difference13Re, j, out z1[i], out z1[i + 1]);
            Turn(sum02Re - sum13Re, sum02Im - sum13Im, 2 * j, out z2[i], out z2[i + 1]);
            Turn(difference02Re - difference13Im, difference02Im + difference13Re, 3 * j, out z3[i], out z3[i + 1]);
        }
    }

    private void Radix2(Span<Vector<float>> z)
    {
        var z0 = z[.._block];
        var z1 = z.Slice(_block, _block);
        for (int j = 0, i = 0; i < z0.Length; j++, i += 2)
        {
            var differenceRe = z0[i] - z1[i];
            var differenceIm = z0[i + 1] - z1[i + 1];
            z0[i] += z1[i];
            z0[i + 1] += z1[i + 1];
            Turn(differenceRe, differenceIm, j, out z1[i], out z1[i + 1]);
        }
    }

    // A plain sum of R terms for each of R outputs: enough for the small odd factors of frames that are not rounded.
    private void AnyRadix(Span<Vector<float>> z)
    {
        var part = _block / _radix;
        var input = new Vector<float>[2 * _radix];
        for (var j = 0; j < part; j++)
        {
            for (var q = 0; q < _radix; q++)
                z.Slice(2 * (j + (q * part)), 2).CopyTo(input.AsSpan(2 * q));

            for (var k = 0; k < _radix; k++)
            {
                var (re, im) = (Vector<float>.Zero, Vector<float>.Zero);
                for (var q = 0; q < _radix; q++)
                {
                    Turn(input[2 * q], input[(2 * q) + 1], q * k % _radix * part, out var turnedRe, out var turnedIm);
                    re += turnedRe;
                    im += turnedIm;
                }

                var at = 2 * (j + (k * part));
                Turn(re, im, j * k, out z[at], out z[at + 1]);
            }
        }
    }

    // Multiplies by exp(-2 pi i step / M).
    private void Turn(Vector<float> re, Vector<float> im, int step, out Vector<float> turnedRe, out Vector<float> turnedIm)
    {
        var cosine = new Vector<float>(_cosine[step]);
        var sine = new Vector<float>(_sine[step]);
        turnedRe = (re * cosine) + (im * sine);
        turnedIm = (im * cosine) - (re * sine);
    }
}
