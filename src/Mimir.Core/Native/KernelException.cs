using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mimir.Base;

namespace Mimir.Core.Native;

/// <summary>A wrong call of a kernel, such as one with a row number outside its table, with the message of the kernel.</summary>
/// <param name="operation">The Mimir operation that made the call.</param>
/// <param name="message">The message of the kernel.</param>
public sealed class KernelException(string operation, string message) : Exception($"{operation}: {message}");

/// <summary>An operation that failed because of the machine: too little memory, or a failure of the device or its driver.</summary>
/// <param name="operation">The Mimir operation.</param>
/// <param name="message">The message of libtorch or of a kernel.</param>
public sealed class DeviceException(string operation, string message)
    : InputException($"{operation}: {message.Split('\n')[0]}; use a smaller batch or model, or another device ('mimir doctor' lists them)")
{
    private static readonly string[] Signs =
        ["out of memory", "allocate memory", "bad_alloc", "CUDA error", "CUDA driver", "NVIDIA driver"];

    /// <summary>True when a message of libtorch or of a kernel is about the machine, not about the call.</summary>
    internal static bool Describes(string message) => Signs.Any(sign => message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    /// <summary>Runs operations of libtorch; an error about the machine becomes one for the user.</summary>
    /// <param name="body">The operations.</param>
    /// <param name="operation">Their name, for the message.</param>
    internal static void Guard(Action body, string operation) => Guard(
        () =>
        {
            body();
            return true;
        },
        operation);

    /// <summary>Runs an operation of libtorch; an error about the machine becomes one for the user.</summary>
    /// <param name="body">The operation.</param>
    /// <param name="operation">Its name, for the message.</param>
    internal static T Guard<T>(Func<T> body, [CallerMemberName] string operation = "")
    {
        try
        {
            return body();
        }
        catch (ExternalException error) when (Describes(error.Message))
        {
            throw new DeviceException(operation, error.Message);
        }
    }
}
