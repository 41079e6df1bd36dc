namespace Mimir.Core.Tensors;

/// <summary>The type of a tensor's elements. The numbers are those of the native interface.</summary>
public enum ElementType
{
    /// <summary>32-bit floating point; what training computes in.</summary>
    Real32 = 0,

    /// <summary>64-bit floating point; runs the reference formulas, for checks.</summary>
    Real64 = 1,

    /// <summary>32-bit signed integers.</summary>
    Index32 = 2,

    /// <summary>64-bit signed integers.</summary>
    Index64 = 3,
}
