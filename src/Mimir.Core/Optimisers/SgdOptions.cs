namespace Mimir.Core.Optimisers;

/// <summary>Options of <see cref="Sgd"/>; the defaults are nnet1's: plain gradient descent.</summary>
public sealed record SgdOptions
{
    /// <summary>Gets the part of the last step that is taken again, in [0, 1). The default is 0.</summary>
    public float Momentum { get; init; }

    /// <summary>Gets the L2 penalty of weights, for each frame. The default is 0.</summary>
    public float L2 { get; init; }

    /// <summary>Gets the L1 penalty of weights, for each frame. The default is 0.</summary>
    public float L1 { get; init; }

    /// <summary>Gets the largest magnitude of a gradient's element; 0, the default, is no limit.</summary>
    public float MaxGradient { get; init; }

    /// <summary>Gets the largest norm of all gradients together, which are scaled down to it; 0, the default, is no limit.</summary>
    public float MaxGradientNorm { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Graph.FusedStep"/> does the same.</summary>
    public bool IsPlain => this == new SgdOptions();
}
