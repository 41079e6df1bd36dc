using Mimir.Base;

namespace Mimir.Train.Data;

/// <summary>
/// A small random generator whose sequence is a contract: the same seed and stream give the same numbers on every
/// machine and in every release.
/// </summary>
/// <remarks>
/// xoshiro256** of Blackman and Vigna, its state filled by SplitMix64 from the seed and the stream number, so that
/// neighbouring streams have nothing in common.
/// </remarks>
public sealed class SeededRandom
{
    private Xoshiro256 _bits;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">Which of the seed's independent sequences, for example the epoch.</param>
    public SeededRandom(ulong seed, ulong stream) =>
        _bits = new Xoshiro256(seed ^ (SplitMix64.Next(ref stream) * 0xD1342543DE82EF95));

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => _bits.Next();

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
}
