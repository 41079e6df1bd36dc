namespace Mimir.Core.Blocks;

/// <summary>The non-linearity fused into an affine block. The numbers are those of the native interface.</summary>
public enum Activation
{
    /// <summary>y = z.</summary>
    None = 0,

    /// <summary>y = 1 / (1 + e^-z).</summary>
    Sigmoid = 1,

    /// <summary>y = tanh z.</summary>
    Tanh = 2,

    /// <summary>y = max(z, 0).</summary>
    Relu = 3,
}
