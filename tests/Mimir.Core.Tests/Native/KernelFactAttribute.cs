using Mimir.Core.Native;

namespace Mimir.Core.Tests.Native;

/// <summary>A test of the fast kernels, skipped where their library is missing.</summary>
public sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute() => Skip = KernelTheoryAttribute.Reason;
}

/// <summary>The same with data.</summary>
public sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute() => Skip = Reason;

    /// <summary>The reason to skip, or null.</summary>
    internal static string? Reason => Kernels.Available ? null : "needs the kernels, which native/build makes with a C++ compiler";
}
