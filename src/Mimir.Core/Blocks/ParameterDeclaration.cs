using Mimir.Base;


namespace Mimir.Core.Blocks;

/// <summary>A parameter that a block declares.</summary>
/// <param name="Name">Its name in the block.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record ParameterDeclaration(string Name, long[] Shape)
{
    /// <summary>Gets the factor on the learning rate.</summary>
    public float RateFactor { get; init; } = 1;

    /// <summary>Gets the factor on L1 and weight decay.</summary>
    public float DecayFactor { get; init; }

    /// <summary>Gets the factor on momentum.</summary>
    public float MomentumFactor { get; init; } = 1;

    /// <summary>Gets the largest norm of a row after a step; 0 is no limit.</summary>
    public float MaxNorm { get; init; }

    /// <summary>Gets the largest magnitude of an element of the gradient, momentum included; 0 is no limit.</summary>
    public float GradClip { get; init; }

    /// <summary>True when gradients move it.</summary>
    public bool IsTrained { get; init; } = true;

    /// <summary>Initial values of the normal distribution with mean 0.</summary>
    /// <param name="random">The random sequence of the node.</param>
    /// <param name="stddev">The standard deviation.</param>
    public float[] Normal(SeededRandom random, double stddev) => Draw(() => stddev * random.NextNormal());

    /// <summary>Initial values of a uniform distribution.</summary>
    /// <param name="random">The random sequence of the node.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="width">The distance from the smallest to the largest value.</param>
    public float[] Uniform(SeededRandom random, double mean, double width) =>
        Draw(() => mean + ((random.NextUniform() - 0.5) * width));

    /// <summary>Initial values that are all the same.</summary>
    /// <param name="value">The value.</param>
    public float[] Constant(float value) => Draw(() => value);

    private float[] Draw(Func<double> next)
    {
        var values = new float[Shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)next();

        return values;
    }
}
