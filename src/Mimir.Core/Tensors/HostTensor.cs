namespace Mimir.Core.Tensors;

/// <summary>A tensor in host memory, the form of tensors in files.</summary>
/// <param name="Shape">The size of each axis, outermost first.</param>
/// <param name="Values">Row-major elements.</param>
public sealed record HostTensor(long[] Shape, float[] Values)
{
    /// <summary>Copies a tensor to the host.</summary>
    /// <param name="tensor">The tensor, on any device.</param>
    public static HostTensor From(Tensor tensor) => new(tensor.shape, tensor.ToArray());
}
