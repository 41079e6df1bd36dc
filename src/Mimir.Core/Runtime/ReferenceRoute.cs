using Mimir.Core.Native;

namespace Mimir.Core.Runtime;

/// <summary>A scope in which the calls of this thread run the reference formulas instead of the fast CPU kernels.</summary>
/// <remarks>The fast kernels are tested against it; it also helps to find a difference on another machine.</remarks>
public sealed class ReferenceRoute : IDisposable
{
    private readonly int _previous;

    /// <summary>Begins the scope on the calling thread.</summary>
    public ReferenceRoute() => LibTorch.Check(LibTorch.mimir_use_reference(1, out _previous));

    /// <summary>Ends the scope and restores the route before it; call it on the same thread.</summary>
    public void Dispose() => LibTorch.Check(LibTorch.mimir_use_reference(_previous, out _));
}
