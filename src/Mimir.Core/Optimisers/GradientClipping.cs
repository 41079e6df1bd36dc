using Mimir.Core.Tensors;

namespace Mimir.Core.Optimisers;

/// <summary>Bounds gradients before a step.</summary>
internal static class GradientClipping
{
    /// <summary>Clips elements, then the norm of all.</summary>
    /// <param name="gradients">All gradients; changed in place.</param>
    /// <param name="maximum">The largest magnitude of an element, 0 for no limit.</param>
    /// <param name="maximumNorm">The largest norm, 0 for no limit.</param>
    public static void Apply(Tensor gradients, float maximum, float maximumNorm)
    {
        if (maximum > 0)
            gradients.Clamp(maximum);
        if (maximumNorm > 0 && gradients.Norm() is var norm && norm > maximumNorm)
            gradients.Scale(maximumNorm / norm);
    }
}
