namespace Mimir.Dist.Updates;

/// <summary>What becomes of the learning rate of a mean gradient when the batch grows k-fold.</summary>
public enum RateScalingRule
{
    /// <summary>It grows k-fold.</summary>
    Linear,

    /// <summary>It grows with the square root of k.</summary>
    SquareRoot,

    /// <summary>It stays.</summary>
    None,
}
