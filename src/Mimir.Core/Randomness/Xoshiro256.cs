namespace Mimir.Core.Randomness;

/// <summary>The generator behind initialisation: xoshiro256**, seeded by SplitMix64; normal numbers by Box and Muller.</summary>
/// <remarks>
/// The sequence is a contract: the same seed gives the same model on every platform.
/// </remarks>
public sealed class Xoshiro256
{
    private Base.Xoshiro256 _bits;
    private double? _spare;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">Any number.</param>
    public Xoshiro256(ulong seed) => _bits = new Base.Xoshiro256(seed);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => _bits.Next();

    /// <summary>The next number uniform in [0, 1).</summary>
    public double NextUniform() => _bits.NextUniform();

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
