using Mimir.Base;
using Mimir.Core.Runtime;

namespace Mimir.Core.Native;

/// <summary>The libraries and devices that tensors and kernels find on this machine.</summary>
/// <param name="LibTorch">The version of libtorch.</param>
/// <param name="CudaDevices">The number of CUDA devices that libtorch can use.</param>
/// <param name="Kernels">True when the library of fast CPU kernels is there.</param>
/// <param name="InstructionSet">
/// The vector instructions that the kernels use: <c>avx512</c>, <c>avx2</c>, <c>sse2</c> or <c>generic</c>; empty without kernels.
/// </param>
/// <param name="Mkl">True when the kernels have found the MKL inside libtorch.</param>
/// <param name="OneDnn">The version of oneDNN, or empty when it is not installed.</param>
public sealed record RuntimeInfo(string LibTorch, int CudaDevices, bool Kernels, string InstructionSet, bool Mkl, string OneDnn)
{
    /// <summary>Loads libtorch and the kernels, and asks them.</summary>
    /// <exception cref="InputException">libtorch is missing, or the one that was named does not fit.</exception>
    public static RuntimeInfo Read()
    {
        var (version, devices) = (TorchRuntime.Files.Version, TorchRuntime.CudaDevices);
        if (!Mimir.Core.Native.Kernels.Available)
            return new(version, devices, false, "", false, "");

        var info = KernelInfo.Read();
        return new(version, devices, true, info.InstructionSet, info.Mkl.Length > 0, info.OneDnn);
    }
}
