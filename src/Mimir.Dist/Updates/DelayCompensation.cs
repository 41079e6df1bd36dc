namespace Mimir.Dist.Updates;

/// <summary>How a master makes up for a gradient that was computed at an older model.</summary>
/// <remarks>Zheng et al., "Asynchronous stochastic gradient descent with delay compensation", ICML 2017.</remarks>
public enum DelayCompensation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>g + L g g (W - W_pulled), elementwise.</summary>
    Constant,

    /// <summary>As before with L / sqrt(mean square of g) in place of L.</summary>
    Adaptive,
}
