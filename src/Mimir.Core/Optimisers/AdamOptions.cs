namespace Mimir.Core.Optimisers;

/// <summary>Options of <see cref="Adam"/>.</summary>
public sealed record AdamOptions
{
    /// <summary>Gets the decay of the mean of gradients, in [0, 1). The default is 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Gets the decay of the mean of squared gradients, in [0, 1). The default is 0.999.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Gets what is added to the root. The default is 1e-8.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Gets the decay of weights, apart from the gradient (AdamW): W -= rate * decay * W. The default is 0.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Gets the largest magnitude of a gradient's element; 0, the default, is no limit.</summary>
    public float MaxGradient { get; init; }

    /// <summary>Gets the largest norm of all gradients together, which are scaled down to it; 0, the default, is no limit.</summary>
    public float MaxGradientNorm { get; init; }
}
