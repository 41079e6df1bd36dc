using Mimir.Core.Tensors;

namespace Mimir.Core.Native;

/// <summary>Lends the addresses of tensors that may be absent to one native call, and keeps them alive until it returns.</summary>
internal ref struct Optional : IDisposable
{
    private readonly TensorHandle? _handle;
    private bool _held;

    /// <summary>Borrows <paramref name="tensor"/>; null becomes the null address.</summary>
    public Optional(Tensor? tensor)
    {
        _handle = tensor?.Handle;
        _handle?.DangerousAddRef(ref _held);
    }

    /// <summary>Gets the native address, or 0.</summary>
    public readonly nint Address => _handle?.DangerousGetHandle() ?? 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_held)
            _handle?.DangerousRelease();

        _held = false;
    }
}
