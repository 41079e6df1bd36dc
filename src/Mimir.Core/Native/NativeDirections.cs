using Mimir.Core.Runtime;

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
            Streams = state?.size(0) ?? 0,
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
        return TorchRuntime.THSTensor_data(tensor.Handle);
    }
}
