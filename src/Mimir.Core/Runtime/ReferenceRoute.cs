namespace Mimir.Core.Runtime;

/// <summary>A scope in which the calls of this thread run the reference formulas instead of the fast CPU kernels.</summary>
/// <remarks>The fast kernels are tested against it; it also helps to find a difference on another machine.</remarks>
public sealed class ReferenceRoute : IDisposable
{
    [ThreadStatic]
    private static bool _active;

    private readonly bool _previous;

    /// <summary>Begins the scope on the calling thread.</summary>
    public ReferenceRoute() => (_previous, _active) = (_active, true);

    /// <summary>True on a thread that is in such a scope.</summary>
    internal static bool Active => _active;

    /// <summary>Ends the scope and restores the route before it; call it on the same thread.</summary>
    public void Dispose() => _active = _previous;
}
