using System.Numerics;

namespace Mimir.Base;

/// <summary>The bits behind every random number: xoshiro256**. A copy goes on by itself.</summary>
/// <remarks>
/// The sequence is a contract: the same state gives the same bits on every machine and in every release. What the bits
/// are made into is each room's own. D. Blackman, S. Vigna: Scrambled linear pseudorandom number generators, ACM TOMS 2021.
/// </remarks>
public struct Xoshiro256
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Starts with a state filled by <see cref="SplitMix64"/>, as the authors advise.</summary>
    /// <param name="seed">Any number.</param>
    public Xoshiro256(ulong seed)
    {
        _a = SplitMix64.Next(ref seed);
        _b = SplitMix64.Next(ref seed);
        _c = SplitMix64.Next(ref seed);
        _d = SplitMix64.Next(ref seed);
    }

    /// <summary>Starts with a given state, of which not all may be 0.</summary>
    public Xoshiro256(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>The next number uniform in [0, 1), of 53 random bits.</summary>
    public double NextUniform() => (Next() >> 11) * (1.0 / (1UL << 53));
}
