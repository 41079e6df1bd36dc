using Mimir.Core.Randomness;

namespace Mimir.Core.Graph;

/// <summary>A parameter that a block wants.</summary>
/// <param name="Name">Its name in the block.</param>
/// <param name="Shape">Its shape.</param>
internal sealed record ParameterDeclaration(string Name, long[] Shape)
{
    /// <summary>Gets the factor on the learning rate.</summary>
    public float RateFactor { get; init; } = 1;

    /// <summary>Gets the factor on L1 and L2.</summary>
    public float DecayFactor { get; init; }

    /// <summary>Gets the factor on momentum.</summary>
    public float MomentumFactor { get; init; } = 1;

    /// <summary>Gets the greatest norm of a row after a step, 0 for no limit.</summary>
    public float MaxNorm { get; init; }

    /// <summary>Gets the greatest magnitude of an element of the gradient, momentum included; 0 is no limit.</summary>
    public float GradClip { get; init; }

    /// <summary>Gets a value indicating whether gradients move it.</summary>
    public bool IsTrained { get; init; } = true;

    /// <summary>Initial values that are normal with mean 0.</summary>
    /// <param name="random">The node's own sequence.</param>
    /// <param name="stddev">The standard deviation.</param>
    public float[] Normal(Xoshiro256 random, double stddev) => Drawn(() => stddev * random.NextNormal());

    /// <summary>Initial values that are uniform.</summary>
    /// <param name="random">The node's own sequence.</param>
    /// <param name="middle">The mean.</param>
    /// <param name="width">The distance from the least to the greatest.</param>
    public float[] Uniform(Xoshiro256 random, double middle, double width) =>
        Drawn(() => middle + ((random.NextUniform() - 0.5) * width));

    private float[] Drawn(Func<double> next)
    {
        var values = new float[Shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)next();

        return values;
    }
}
