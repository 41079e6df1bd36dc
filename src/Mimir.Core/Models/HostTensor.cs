using Mimir.Core.Tensors;

namespace Mimir.Core.Models;

/// <summary>A tensor in host memory, as files hold it.</summary>
/// <param name="Shape">The size of each axis, outermost first.</param>
/// <param name="Values">Row-major elements.</param>
public sealed record HostTensor(long[] Shape, float[] Values)
{
    /// <summary>Copies a tensor to the host.</summary>
    /// <param name="tensor">On any device.</param>
    public static HostTensor From(Tensor tensor) => new(tensor.Shape.ToArray(), tensor.ToArray());
}
