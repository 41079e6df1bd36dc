namespace Mimir.Kaldi.Nnet1.Prototypes;

/// <summary>
/// The random numbers of the GNU C library's <c>rand</c>, with which Kaldi initialises networks: the same seed gives the same
/// parameters.
/// </summary>
/// <remarks>
/// An additive feedback generator, x(n) = x(n - 3) + x(n - 31) mod 2^32, of which the lowest bit is dropped; its first 31
/// words come from x(n) = 16807 x(n - 1) mod (2^31 - 1), and 310 numbers are thrown away. Glibc's manual calls it TYPE_3.
/// </remarks>
public sealed class CLibraryRandom
{
    private const int Degree = 31;
    private const int Separation = 3;
    private const float Largest = int.MaxValue;

    private readonly uint[] _words = new uint[Degree];
    private int _front = Separation;

    /// <summary>Creates a generator.</summary>
    /// <param name="seed">The seed of <c>srand</c>; 0 is the same as 1.</param>
    public CLibraryRandom(int seed)
    {
        var word = seed == 0 ? 1 : seed;
        _words[0] = (uint)word;
        for (var i = 1; i < Degree; i++)
        {
            // Schrage's method: 16807 word mod (2^31 - 1) without overflow.
            var next = (16807L * (word % 127773)) - (2836L * (word / 127773));
            word = (int)(next < 0 ? next + int.MaxValue : next);
            _words[i] = (uint)word;
        }

        for (var i = 0; i < 10 * Degree; i++)
            Next();
    }

    /// <summary>Draws an integer from 0 to 2^31 - 1.</summary>
    public int Next()
    {
        var back = (_front + Degree - Separation) % Degree;
        _words[_front] += _words[back];
        var value = (int)(_words[_front] >> 1);
        _front = (_front + 1) % Degree;
        return value;
    }

    /// <summary>Fills values that are uniform around <paramref name="mean"/>, as Kaldi draws biases.</summary>
    /// <param name="values">Receives the values.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="range">The largest less the smallest.</param>
    public void Uniform(Span<float> values, float mean, float range)
    {
        var smallest = (float)(mean - (range / 2.0));
        foreach (ref var value in values)
            value = (Next() / Largest * range) + smallest;
    }

    /// <summary>Fills values that are normal with mean 0 (Box and Muller), as Kaldi draws weights.</summary>
    /// <param name="values">Receives the values.</param>
    /// <param name="deviation">Their standard deviation.</param>
    public void Normal(Span<float> values, float deviation)
    {
        foreach (ref var value in values)
        {
            var radius = MathF.Sqrt(-2 * MathF.Log(OpenUniform()));
            value = radius * MathF.Cos((float)(2 * Math.PI * OpenUniform())) * deviation;
        }
    }

    private float OpenUniform() => (float)((Next() + 1.0) / (int.MaxValue + 2.0));
}
