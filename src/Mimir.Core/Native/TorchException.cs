using Mimir.Base;

namespace Mimir.Core.Native;

/// <summary>A wrong libtorch call, such as one on shapes that do not fit, with the message of libtorch.</summary>
/// <param name="operation">The Mimir operation that made the call.</param>
/// <param name="message">The message of libtorch.</param>
public sealed class TorchException(string operation, string message) : Exception($"{operation}: {message}");

/// <summary>A libtorch call that failed because of the machine: too little memory, or a failure of the device or its driver.</summary>
/// <param name="operation">The Mimir operation that made the call.</param>
/// <param name="message">The message of libtorch.</param>
public sealed class DeviceException(string operation, string message)
    : InputException($"{operation}: {message.Split('\n')[0]}; use a smaller batch or model, or another device ('mimir doctor' lists them)")
{
    private static readonly string[] Signs =
        ["out of memory", "allocate memory", "bad_alloc", "CUDA error", "CUDA driver", "NVIDIA driver"];

    /// <summary>True when a message of libtorch is about the machine, not about the call.</summary>
    internal static bool Describes(string message) => Signs.Any(sign => message.Contains(sign, StringComparison.OrdinalIgnoreCase));
}
