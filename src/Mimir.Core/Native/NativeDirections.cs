#if TORCHSHARP_TENSORS
using Mimir.Core.Tensors;

namespace Mimir.Core.Native;

/// <summary>Lends the tensors of the directions of an LSTM layer to one native call, and keeps them alive until it returns.</summary>
internal sealed class NativeDirections : IDisposable
{
    private readonly List<Tensor> _held = [];
    private int _count;

    /// <summary>The structures of <c>native/src/mimir_kernels.h</c>, valid until this is disposed of.</summary>
    public Kernels.LstmDirectionPair Value;

    /// <summary>Adds a direction.</summary>
    /// <param name="values">The matrices w-x and w-r, the bias, three peepholes, w-p; null where the layer has none.</param>
    /// <param name="gradients">The same, for the gradients.</param>
    /// <param name="workspace">The workspace, which the forward pass fills for the backward pass.</param>
    /// <param name="state">The state of the streams, or null.</param>
    /// <param name="reverse">True for the direction from the last frame to the first.</param>
    public void Add(
        IReadOnlyList<Tensor?> values, IReadOnlyList<Tensor?> gradients, Tensor workspace, Tensor? state, bool reverse) =>
        Value[_count++] = new()
        {
            Values = Lend(values),
            Gradients = Lend(gradients),
            Workspace = Lend(workspace),
            State = Lend(state),
            Streams = state?.Rows ?? 0,
            Reverse = reverse ? 1 : 0,
        };

    /// <inheritdoc/>
    public void Dispose() => _held.ForEach(GC.KeepAlive);

    private Kernels.LstmParameters Lend(IReadOnlyList<Tensor?> tensors)
    {
        var addresses = default(Kernels.LstmParameters);
        for (var i = 0; i < tensors.Count; i++)
            addresses[i] = Lend(tensors[i]);
        return addresses;
    }

    private nint Lend(Tensor? tensor)
    {
        if (tensor is null)
            return 0;

        _held.Add(tensor);
        return tensor.Data;
    }
}
#else
namespace Mimir.Core.Native;

/// <summary>Lends the tensors of the directions of an LSTM layer to one native call, and keeps them alive until it returns.</summary>
internal sealed class NativeDirections : IDisposable
{
    private readonly List<TensorHandle> _held = [];
    private int _count;

    /// <summary>The structures of <c>native/src/mimir_torch.h</c>, valid until this is disposed of.</summary>
    public LibTorch.LstmDirectionPair Value;

    /// <summary>Adds a direction.</summary>
    /// <param name="values">The matrices w-x and w-r, the bias, three peepholes, w-p; null where the layer has none.</param>
    /// <param name="gradients">The same, for the gradients.</param>
    /// <param name="workspace">The workspace, which the forward pass fills for the backward pass.</param>
    /// <param name="state">The state of the streams, or null.</param>
    /// <param name="reverse">True for the direction from the last frame to the first.</param>
    public void Add(
        IReadOnlyList<TensorHandle?> values, IReadOnlyList<TensorHandle?> gradients, TensorHandle workspace, TensorHandle? state,
        bool reverse) => Value[_count++] = new()
        {
            Values = Lend(values),
            Gradients = Lend(gradients),
            Workspace = Lend(workspace),
            State = Lend(state),
            Reverse = reverse ? 1 : 0,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var handle in _held)
            handle.DangerousRelease();
        _held.Clear();
    }

    private LibTorch.LstmParameters Lend(IReadOnlyList<TensorHandle?> handles)
    {
        var addresses = default(LibTorch.LstmParameters);
        for (var i = 0; i < handles.Count; i++)
            addresses[i] = Lend(handles[i]);
        return addresses;
    }

    private nint Lend(TensorHandle? handle)
    {
        if (handle is null)
            return 0;

        var held = false;
        handle.DangerousAddRef(ref held);
        _held.Add(handle);
        return handle.DangerousGetHandle();
    }
}
#endif
