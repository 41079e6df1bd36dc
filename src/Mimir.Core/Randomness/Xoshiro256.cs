using System.Numerics;

namespace Mimir.Core.Randomness;

/// <summary>The generator behind initialisation: xoshiro256**, seeded by SplitMix64; normal numbers by Box and Muller.</summary>
/// <remarks>
/// The sequence is a contract: the same seed gives the same model on every platform. D. Blackman, S. Vigna: Scrambled linear
/// pseudorandom number generators, ACM TOMS 2021.
/// </remarks>
public sealed class Xoshiro256
{
    private ulong _s0, _s1, _s2, _s3;
    private double? _spare;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">Any number.</param>
    public Xoshiro256(ulong seed)
    {
        _s0 = SplitMix64.Next(ref seed);
        _s1 = SplitMix64.Next(ref seed);
        _s2 = SplitMix64.Next(ref seed);
        _s3 = SplitMix64.Next(ref seed);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>The next number uniform in [0, 1).</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next number of the standard normal distribution.</summary>
    public double NextNormal()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        // 1 - u is in (0, 1]: its logarithm is finite.
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * NextUniform());
        _spare = radius * sine;
        return radius * cosine;
    }
}
