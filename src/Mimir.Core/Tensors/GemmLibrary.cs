namespace Mimir.Core.Tensors;

/// <summary>Who makes a matrix product on the CPU.</summary>
public enum GemmLibrary
{
    /// <summary>The choice of the native layer's table, by shape, instruction set and threads.</summary>
    Chosen = 0,

    /// <summary>OpenBLAS.</summary>
    OpenBlas = 1,

    /// <summary>oneDNN.</summary>
    OneDnn = 2,

    /// <summary>Mimir's own kernel.</summary>
    Own = 3,
}
