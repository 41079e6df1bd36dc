namespace Mimir.Decode.Algorithms;

/// <summary>Sums of costs.</summary>
internal static class LogSum
{
    /// <summary>The cost of two events together in the log semiring: -log(exp(-a) + exp(-b)), rounded as OpenFst does.</summary>
    public static float Add(float a, float b)
    {
        if (float.IsPositiveInfinity(a))
            return b;
        if (float.IsPositiveInfinity(b))
            return a;

        return a > b ? (float)(b - Math.Log(1 + Math.Exp(b - a))) : (float)(a - Math.Log(1 + Math.Exp(a - b)));
    }
}
