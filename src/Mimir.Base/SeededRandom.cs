using System.Numerics;
using System.Text;

namespace Mimir.Base;

/// <summary>A seeded sequence of random numbers: xoshiro256**, its state filled by <see cref="SplitMix64"/>.</summary>
/// <remarks>
/// The sequences are a contract: the same seed gives the same numbers on every machine and in every release, because models,
/// the order of data and synthesised corpora follow from them. Several sequences of one seed come from <see cref="Of"/> and
/// <see cref="For"/>, which mix differently. D. Blackman, S. Vigna: Scrambled linear pseudorandom number generators, ACM TOMS
/// 2021.
/// </remarks>
public sealed class SeededRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private double? _nextNormal;

    /// <summary>Starts the sequence of a seed.</summary>
    /// <param name="seed">Any number.</param>
    public SeededRandom(ulong seed)
    {
        _a = SplitMix64.Next(ref seed);
        _b = SplitMix64.Next(ref seed);
        _c = SplitMix64.Next(ref seed);
        _d = SplitMix64.Next(ref seed);
    }

    /// <summary>Starts with a given state, of which not all numbers may be 0.</summary>
    internal SeededRandom(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>One of the numbered sequences of a seed; neighbouring numbers have nothing in common.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="stream">The number of the sequence, for example the epoch.</param>
    public static SeededRandom Of(ulong seed, ulong stream) => new(seed ^ (SplitMix64.Next(ref stream) * 0xD1342543DE82EF95));

    /// <summary>The sequence of a seed for a purpose that several numbers tell apart from others.</summary>
    /// <param name="seed">The seed of the whole.</param>
    /// <param name="purpose">For example the number of a set and of an utterance in it; order matters.</param>
    public static SeededRandom For(ulong seed, params ReadOnlySpan<ulong> purpose)
    {
        static ulong Mix(ulong state) => SplitMix64.Next(ref state);

        var state = seed;
        foreach (var number in purpose)
            state = Mix(state + number + 1);
        return new(Mix(state), Mix(state + 1), Mix(state + 2), Mix(state + 3));
    }

    /// <summary>The seed of a named item, such as an utterance: FNV-1a (64 bits) of its name in UTF-8, begun from a seed.</summary>
    /// <remarks>So the draws for an item do not depend on the order, or the thread, in which items are processed.</remarks>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="name">The name of the item.</param>
    public static ulong SeedOf(ulong seed, string name)
    {
        var hash = 0xCBF29CE484222325 ^ BitOperations.RotateLeft(seed * 0x9E3779B97F4A7C15, 32);
        foreach (var value in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ value) * 0x100000001B3;

        return hash;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
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
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => low + ((high - low) * NextUniform());

    /// <summary>True with a given probability.</summary>
    public bool Chance(double probability) => NextUniform() < probability;

    /// <summary>A whole number of [0, <paramref name="limit"/>), by one draw: the high half of a 64-bit product.</summary>
    /// <param name="limit">Above 0; probabilities differ by less than 2^-32 of their value.</param>
    public int Below(int limit) => (int)Math.BigMul(NextBits(), (ulong)limit, out _);

    /// <summary>A whole number of [0, <paramref name="limit"/>), each exactly as likely, by one draw or more.</summary>
    /// <remarks>D. Lemire: Fast random integer generation in an interval, ACM TOMACS 2019.</remarks>
    /// <param name="limit">Above 0.</param>
    public int BelowExactly(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);

        // The high half of a 32-bit product; the few draws that would favour some results are repeated.
        var product = (NextBits() >> 32) * (ulong)limit;
        if ((uint)product < (uint)limit)
        {
            var threshold = (uint)-limit % (uint)limit;
            while ((uint)product < threshold)
                product = (NextBits() >> 32) * (ulong)limit;
        }

        return (int)(product >> 32);
    }

    /// <summary>One of a list, each equally likely.</summary>
    public T OneOf<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One of a list, each as likely as its share of all weights.</summary>
    /// <param name="items">One or more.</param>
    /// <param name="weight">The weight of an item, 0 or more.</param>
    public T OneOf<T>(IReadOnlyList<T> items, Func<T, double> weight)
    {
        var left = NextUniform() * items.Sum(weight);
        foreach (var item in items)
        {
            left -= weight(item);
            if (left < 0)
                return item;
        }

        return items[^1];
    }

    /// <summary>Puts values into a random order, each order equally likely (Fisher and Yates).</summary>
    /// <param name="values">The values, permuted in place.</param>
    public void Shuffle(Span<int> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = BelowExactly(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    /// <summary>The next number of the standard normal distribution, by the transform of Box and Muller.</summary>
    public double NextNormal()
    {
        if (_nextNormal is { } second)
        {
            _nextNormal = null;
            return second;
        }

        // 1 - u is in (0, 1]: its logarithm is finite.
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * NextUniform());
        _nextNormal = radius * sine;
        return radius * cosine;
    }

    /// <summary>Fills a span with standard normal numbers, by the polar method of Marsaglia.</summary>
    public void FillNormal(Span<float> target)
    {
        for (var i = 0; i < target.Length; i += 2)
        {
            double x, y, square;
            do
            {
                x = (2 * NextUniform()) - 1;
                y = (2 * NextUniform()) - 1;
                square = (x * x) + (y * y);
            }
            while (square is >= 1 or 0);

            var factor = Math.Sqrt(-2 * Math.Log(square) / square);
            target[i] = (float)(x * factor);
            if (i + 1 < target.Length)
                target[i + 1] = (float)(y * factor);
        }
    }
}

/// <summary>Turns a seed, or several numbers, into well-mixed 64-bit numbers.</summary>
/// <remarks>G. L. Steele, D. Lea, C. H. Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.</remarks>
public static class SplitMix64
{
    /// <summary>Steps a state and returns its next number.</summary>
    /// <param name="state">The state; any number seeds it.</param>
    public static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number that depends on several numbers: a key for a counter-based generator.</summary>
    /// <param name="parts">For example seed, step and node.</param>
    public static ulong Combine(params ReadOnlySpan<ulong> parts)
    {
        ulong state = 0;
        foreach (var part in parts)
        {
            state ^= part;
            state = Next(ref state);
        }

        return state;
    }
}
