using TorchSharp;

namespace Mimir.Core.Tensors;

/// <summary>Numbers as TorchSharp's operations take them, kept alive for the length of the call.</summary>
/// <remarks>
/// TorchSharp 0.107 hands the address of a <see cref="Scalar"/> to libtorch and keeps no reference to the object: where a number
/// is converted in passing, as in <c>x.mul_(2)</c>, the collector may free it before libtorch reads it. The last numbers of each
/// thread are therefore kept here; the architecture tests allow no conversion elsewhere.
/// </remarks>
public static class Scalars
{
    private const int Kept = 64; // far more than the numbers of one statement

    [ThreadStatic]
    private static Scalar?[]? _kept;

    [ThreadStatic]
    private static int _next;

    /// <summary>A number for the operations of this statement.</summary>
    public static Scalar Of(double value) => Keep(value.ToScalar());

    /// <summary>A whole number for the operations of this statement.</summary>
    public static Scalar Of(long value) => Keep(value.ToScalar());

    private static Scalar Keep(Scalar scalar)
    {
        var kept = _kept ??= new Scalar?[Kept];
        kept[_next]?.Dispose();
        kept[_next] = scalar;
        _next = (_next + 1) % Kept;
        return scalar;
    }
}
