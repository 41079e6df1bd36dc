namespace Mimir.Core.Tensors;

/// <summary>The library that computes a matrix product on the CPU.</summary>
public enum GemmLibrary
{
    /// <summary>The choice of the kernels, by processor, shape and installed libraries.</summary>
    Chosen = 0,

    /// <summary>The MKL inside libtorch.</summary>
    Mkl = 1,

    /// <summary>oneDNN.</summary>
    OneDnn = 2,

    /// <summary>Mimir's own kernel.</summary>
    Own = 3,
}
