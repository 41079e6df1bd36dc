using System.Numerics;
using System.Runtime.CompilerServices;
using Mimir.Base;

namespace Mimir.Features.Signal;

/// <summary>
/// Gaussian noise for as many frames at once as a vector has lanes. Each frame draws from a generator of its own, whose
/// state comes from the seed and the frame's number: its noise depends on neither the machine's lanes nor other frames.
/// </summary>
/// <remarks>
/// The bits are those of xoshiro128++ (D. Blackman, S. Vigna: Scrambled linear pseudorandom number generators, ACM TOMS
/// 2021), made into pairs of normal numbers by the transform of Box and Muller. The radius comes from 31 bits, so the
/// tails end at 6.66 deviations (one number in 4e10 lies beyond); Kaldi's end at 6.56.
/// </remarks>
internal sealed class GaussianNoise
{
    private readonly ulong _seed;
    private Vector<uint> _a;
    private Vector<uint> _b;
    private Vector<uint> _c;
    private Vector<uint> _d;

    /// <summary>Creates the generator; equal seeds give equal noise.</summary>
    public GaussianNoise(ulong seed) => _seed = seed;

    /// <summary>Moves to the first sample of neighbouring frames, one in each lane.</summary>
    /// <param name="frame">The frame in the first lane, from 0.</param>
    public void Start(int frame)
    {
        Span<uint> words = stackalloc uint[4 * Vector<uint>.Count];
        for (var lane = 0; lane < Vector<uint>.Count; lane++)
        {
            var state = SplitMix64.Combine(_seed, (ulong)(frame + lane));
            var (low, high) = (SplitMix64.Next(ref state), SplitMix64.Next(ref state));
            words[lane] = (uint)low;
            words[lane + Vector<uint>.Count] = (uint)(low >> 32);
            words[lane + (2 * Vector<uint>.Count)] = (uint)high;
            words[lane + (3 * Vector<uint>.Count)] = (uint)(high >> 32);
        }

        _a = new Vector<uint>(words);
        _b = new Vector<uint>(words[Vector<uint>.Count..]);
        _c = new Vector<uint>(words[(2 * Vector<uint>.Count)..]);
        _d = new Vector<uint>(words[(3 * Vector<uint>.Count)..]);
    }

    /// <summary>Adds noise to the next samples of the frames.</summary>
    /// <param name="samples">A vector for each sample; after an odd number the last normal number is dropped.</param>
    /// <param name="deviation">The standard deviation of the noise.</param>
    public void AddTo(Span<Vector<float>> samples, float deviation)
    {
        var (a, b, c, d) = (_a, _b, _c, _d);
        var scale = new Vector<float>(-2 * deviation * deviation);
        for (var i = 0; i < samples.Length; i += 2)
        {
            var log = Vector.Min(LaneMath.Log(Uniform(Next(ref a, ref b, ref c, ref d))), Vector<float>.Zero);
            var radius = Vector.SquareRoot(log * scale);
            var (cosine, sine) = OnCircle(Next(ref a, ref b, ref c, ref d));
            samples[i] += radius * cosine;
            if (i + 1 < samples.Length)
                samples[i + 1] += radius * sine;
        }

        (_a, _b, _c, _d) = (a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Next(ref Vector<uint> a, ref Vector<uint> b, ref Vector<uint> c, ref Vector<uint> d)
    {
        var result = Rotate(a + d, 7) + a;
        var shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = Rotate(d, 11);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Rotate(Vector<uint> x, int bits) => (x << bits) | (x >>> (32 - bits));

    // Numbers in (0, 1], uniform.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Uniform(Vector<uint> bits) =>
        (Vector.ConvertToSingle(Vector.AsVectorInt32(bits >>> 1)) + new Vector<float>(0.5f)) * (1f / (1u << 31));

    // A point of the unit circle: the bits are an angle in the half where the cosine is above 0, the last also its sign.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<float> Cosine, Vector<float> Sine) OnCircle(Vector<uint> bits)
    {
        var (cosine, sine) = LaneMath.HalfCircle(Vector.ConvertToSingle(Vector.AsVectorInt32(bits)) * (0.5f / (1u << 31)));
        return (Vector.AsVectorSingle(Vector.AsVectorUInt32(cosine) ^ (bits << 31)), sine);
    }
}
