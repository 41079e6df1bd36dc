using System.Globalization;
using Mimir.Base;
using Mimir.Core.Runtime;
using TorchSharp;

namespace Mimir.Core.Tensors;

/// <summary>A device that holds tensors and computes with them: the CPU or one CUDA device.</summary>
/// <param name="Index">-1 for the CPU, else the number of the CUDA device.</param>
public readonly record struct Device(int Index)
{
    /// <summary>Gets the CPU.</summary>
    public static Device Cpu => new(-1);

    /// <summary>Gets the number of CUDA devices; 0 without a CUDA libtorch or without a driver.</summary>
    public static int CudaCount => TorchRuntime.CudaDevices;

    /// <summary>True when this is a CUDA device.</summary>
    public bool IsCuda => Index >= 0;

    /// <summary>True when this machine and this libtorch have the device.</summary>
    public bool IsAvailable => !IsCuda || Index < CudaCount;

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Its number, from 0.</param>
    public static Device Cuda(int index = 0) =>
        index >= 0 ? new Device(index) : throw new ArgumentOutOfRangeException(nameof(index), index, "CUDA devices are counted from 0.");

    /// <summary>The device that holds a tensor.</summary>
    /// <param name="tensor">A tensor on the CPU or a CUDA device.</param>
    public static Device Of(Tensor tensor) => tensor.device_type == DeviceType.CPU ? Cpu : new Device(tensor.device_index);

    /// <summary>Parses the name of a device in a recipe.</summary>
    /// <param name="text"><c>auto</c> (CUDA when there is one, else the CPU), <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</param>
    /// <exception cref="InputException">Another text, or a CUDA device that this machine or this libtorch does not have.</exception>
    public static Device Parse(string text)
    {
        var device = text switch
        {
            "cpu" => Cpu,
            "cuda" => Cuda(),
            "auto" => CudaCount > 0 ? Cuda() : Cpu,
            _ when text.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) => Cuda(index),
            _ => throw new InputException($"expected a device auto, cpu, cuda or cuda:<number>, got '{text}'"),
        };
        return device.IsAvailable
            ? device
            : throw new InputException(
                $"expected a device that libtorch sees, got '{device}' with {CudaCount} CUDA devices; use auto or cpu");
    }

    /// <summary>The device as TorchSharp names it.</summary>
    public torch.Device ToTorch() => IsCuda ? new torch.Device(DeviceType.CUDA, Index) : torch.CPU;

    /// <inheritdoc/>
    public override string ToString() => IsCuda ? string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}") : "cpu";
}
