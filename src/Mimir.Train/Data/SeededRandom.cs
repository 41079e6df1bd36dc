using System.Numerics;

namespace Mimir.Train.Data;

/// <summary>
/// A small random generator whose sequence is a contract: the same seed and stream give the same numbers on every
/// machine and in every release.
/// </summary>
/// <remarks>
/// xoshiro256** of Blackman and Vigna (2018), its four words filled by SplitMix64 from the seed and the stream number,
/// so that neighbouring streams have nothing in common.
/// </remarks>
public sealed class SeededRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">Which of the seed's independent sequences, for example the epoch.</param>
    public SeededRandom(ulong seed, ulong stream)
    {
        var state = seed ^ (Mix(stream + 0x9E3779B97F4A7C15) * 0xD1342543DE82EF95);
        _a = Mix(state += 0x9E3779B97F4A7C15);
        _b = Mix(state += 0x9E3779B97F4A7C15);
        _c = Mix(state += 0x9E3779B97F4A7C15);
        _d = Mix(state + 0x9E3779B97F4A7C15);
    }

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

    /// <summary>A number from 0 to <paramref name="limit"/> - 1, each equally likely.</summary>
    /// <param name="limit">More than 0.</param>
    public int Below(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);

        // Lemire's method: the high half of a product, with the few numbers that would favour some results thrown away.
        var product = (Next() >> 32) * (ulong)limit;
        if ((uint)product < (uint)limit)
        {
            var threshold = (uint)-limit % (uint)limit;
            while ((uint)product < threshold)
                product = (Next() >> 32) * (ulong)limit;
        }

        return (int)(product >> 32);
    }

    /// <summary>Puts values into a random order, each order equally likely (Fisher and Yates).</summary>
    /// <param name="values">What to shuffle, in place.</param>
    public void Shuffle(Span<int> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
