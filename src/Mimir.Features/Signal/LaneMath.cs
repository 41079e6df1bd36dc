using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mimir.Features.Signal;

/// <summary>Functions of every lane of a vector, by polynomials that interpolate at Chebyshev's nodes.</summary>
internal static class LaneMath
{
    private const int TwoThirds = 0x3F2AAAAB;

    /// <summary>a b + c, rounded once where the machine can do that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary>The natural logarithm of finite normal numbers above 0, in either precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log<T>(Vector<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? Log(x.As<T, float>()).As<float, T>()
        : Vector.Log(x.As<T, double>()).As<double, T>();

    /// <summary>The exponential function in either precision.</summary>
    public static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? Vector.Exp(x.As<T, float>()).As<float, T>()
        : Vector.Exp(x.As<T, double>()).As<double, T>();

    /// <summary>
    /// The natural logarithm with an error of 5e-8 beside the rounding of the result: of 2^e m with m in [2/3, 4/3), it is e ln
    /// 2 + f + f^2 P(f) for f = m - 1.
    /// </summary>
    /// <param name="x">Finite normal numbers above 0; for others the result is undefined, but finite.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Log(Vector<float> x)
    {
        var pattern = Vector.AsVectorInt32(x) - new Vector<int>(TwoThirds);
        var exponent = Vector.ConvertToSingle(pattern >> 23);
        var f = Vector.AsVectorSingle((pattern & new Vector<int>(0x7FFFFF)) + new Vector<int>(TwoThirds)) - Vector<float>.One;
        var p = new Vector<float>(0.134257495f).Then(f, -0.150407642f).Then(f, 0.141183094f).Then(f, -0.164830178f)
            .Then(f, 0.200037807f).Then(f, -0.250041455f).Then(f, 0.333333194f).Then(f, -0.499999851f);
        return Vector.MultiplyAddEstimate(exponent, new Vector<float>(MathF.Log(2)), Vector.MultiplyAddEstimate(f * f, p, f));
    }

    /// <summary>A point of the unit circle, to 5e-8.</summary>
    /// <param name="t">The angle in units of pi, in [-1/2, 1/2]: the cosine is 0 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector<float> Cosine, Vector<float> Sine) HalfCircle(Vector<float> t)
    {
        var square = t * t;
        var sine = new Vector<float>(0.0776559123f).Then(square, -0.598290411f).Then(square, 2.55007739f)
            .Then(square, -5.16771008f).Then(square, 3.14159264f);
        var cosine = new Vector<float>(0.219682424f).Then(square, -1.33187297f).Then(square, 4.05841079f)
            .Then(square, -4.93479280f).Then(square, 0.999999953f);
        return (cosine, sine * t);
    }

    // One more coefficient of a polynomial by Horner's rule; a loop over them would not stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Then(this Vector<float> sum, Vector<float> x, float coefficient) =>
        Vector.MultiplyAddEstimate(sum, x, new Vector<float>(coefficient));
}
