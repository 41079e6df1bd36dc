namespace Mimir.Core.Tensors;

/// <summary>The library that computes a matrix product on the CPU; measurements compare them.</summary>
public enum GemmLibrary
{
    /// <summary>Mimir's own kernel, unless the environment variable MIMIR_GEMM names another: decision 14.</summary>
    Chosen = 0,

    /// <summary>The MKL inside libtorch.</summary>
    Mkl = 1,

    /// <summary>oneDNN.</summary>
    OneDnn = 2,

    /// <summary>Mimir's own kernel.</summary>
    Own = 3,
}
