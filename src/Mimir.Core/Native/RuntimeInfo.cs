using Mimir.Base;
using Mimir.Core.Runtime;

namespace Mimir.Core.Native;

/// <summary>The libraries and devices that tensors and kernels find on this machine.</summary>
/// <param name="LibTorch">The version of libtorch.</param>
/// <param name="CudaDevices">The number of CUDA devices that libtorch can use.</param>
/// <param name="Kernels">What the library of fast CPU kernels found; null where it is missing.</param>
public sealed record RuntimeInfo(string LibTorch, int CudaDevices, KernelInfo? Kernels)
{
    /// <summary>Loads libtorch and the kernels, and asks them.</summary>
    /// <exception cref="InputException">libtorch is missing, or the one that was named does not fit.</exception>
    public static RuntimeInfo Read() => new(
        TorchRuntime.Files.Version, TorchRuntime.CudaDevices, Mimir.Core.Native.Kernels.Available ? KernelInfo.Read() : null);
}
