namespace Mimir.Core.Graph;

/// <summary>One parameter's place in the flat store.</summary>
/// <param name="Name">Node and parameter, for example <c>affine1.weight</c>.</param>
/// <param name="Offset">The first element in the flat store.</param>
/// <param name="Shape">The shape, outermost axis first.</param>
public sealed record ParameterSlice(string Name, long Offset, IReadOnlyList<long> Shape)
{
    /// <summary>Gets the factor on the learning rate. The default is 1.</summary>
    public float RateFactor { get; init; } = 1;

    /// <summary>Gets the factor on L1 and L2: 1 for weights, 0 for biases and scales.</summary>
    public float DecayFactor { get; init; }

    /// <summary>Gets the factor on momentum: 0 for nnet1's shifts and scales, which have none. The default is 1.</summary>
    public float MomentumFactor { get; init; } = 1;

    /// <summary>Gets the greatest Euclidean norm of a row after a step; 0 is no limit.</summary>
    public float MaxNorm { get; init; }

    /// <summary>Gets the greatest magnitude of an element of the gradient, momentum included; 0 is no limit.</summary>
    public float GradClip { get; init; }

    /// <summary>Gets a value indicating whether gradients move it; running statistics they do not.</summary>
    public bool IsTrained { get; init; } = true;

    /// <summary>Gets the number of elements.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (product, size) => product * size);
}
