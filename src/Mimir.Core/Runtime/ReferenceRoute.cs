using Mimir.Core.Native;

namespace Mimir.Core.Runtime;

/// <summary>While it lives, the calls of this thread run the reference formulas instead of the fast CPU kernels.</summary>
/// <remarks>The fast kernels are tested against this; a difference on a user's machine can be looked for with it.</remarks>
public sealed class ReferenceRoute : IDisposable
{
    private readonly int _previous;

    /// <summary>Turns the reference on, on the calling thread.</summary>
    public ReferenceRoute() => LibTorch.Check(LibTorch.mimir_use_reference(1, out _previous));

    /// <summary>Goes back to what was before; call it on the same thread.</summary>
    public void Dispose() => LibTorch.Check(LibTorch.mimir_use_reference(_previous, out _));
}
