using Mimir.Base;

namespace Mimir.Corpus.Sound;

/// <summary>
/// Random numbers whose sequence is fixed for ever by the seed: <see cref="Xoshiro256"/>, its state filled by
/// <see cref="SplitMix64"/>.
/// </summary>
internal sealed class RandomStream
{
    private Xoshiro256 _bits;

    /// <summary>Starts the stream of a seed and of what it is for.</summary>
    /// <param name="seed">The seed of the whole corpus.</param>
    /// <param name="purpose">Numbers that tell this stream from the others of the same seed.</param>
    public RandomStream(ulong seed, params ReadOnlySpan<ulong> purpose)
    {
        var state = seed;
        foreach (var number in purpose)
            state = Mix(state + number + 1);
        _bits = new Xoshiro256(Mix(state), Mix(state + 1), Mix(state + 2), Mix(state + 3));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => _bits.Next();

    /// <summary>A number of [0, 1).</summary>
    public double NextDouble() => _bits.NextUniform();

    /// <summary>A number of [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A whole number of [0, <paramref name="count"/>).</summary>
    public int Below(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>True with a given probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Fills a span with normal numbers of mean 0 and variance 1 (the polar method of Marsaglia).</summary>
    public void FillNormal(Span<float> target)
    {
        for (var i = 0; i < target.Length; i += 2)
        {
            double x, y, square;
            do
            {
                x = (2 * NextDouble()) - 1;
                y = (2 * NextDouble()) - 1;
                square = (x * x) + (y * y);
            }
            while (square is >= 1 or 0);

            var factor = Math.Sqrt(-2 * Math.Log(square) / square);
            target[i] = (float)(x * factor);
            if (i + 1 < target.Length)
                target[i + 1] = (float)(y * factor);
        }
    }

    private static ulong Mix(ulong state) => SplitMix64.Next(ref state);
}
