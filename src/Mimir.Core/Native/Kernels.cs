using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.Core.Native;

/// <summary>The C functions of <c>native/src/mimir_kernels.h</c>: fast CPU kernels, which everything works without.</summary>
internal static unsafe partial class Kernels
{
    private const string Library = "mimir_kernels";
    private static readonly Lazy<bool> Loaded = new(() => NativeLibraries.TryLoad(Library));

    /// <summary>True when the library is there.</summary>
    public static bool Available => Loaded.Value;

    /// <summary>True when the kernels take the tensors of a call: 32-bit floats on the CPU, outside <see cref="ReferenceRoute"/>.</summary>
    /// <param name="tensor">One of the tensors of the call, which are all of one type on one device.</param>
    public static bool Take(Tensor tensor) => Available && !ReferenceRoute.Active && tensor.IsHostFloat;

    /// <summary>Turns the status of a call into an exception with the message of the kernel.</summary>
    /// <exception cref="KernelException">The call is wrong.</exception>
    /// <exception cref="DeviceException">The memory does not suffice.</exception>
    public static void Check(int status, [CallerMemberName] string operation = "")
    {
        if (status == 0)
            return;

        var message = Marshal.PtrToStringUTF8(mimir_last_error()) ?? "no message";
        throw DeviceException.Describes(message) ? new DeviceException(operation, message) : new KernelException(operation, message);
    }

    [LibraryImport(Library)]
    private static partial nint mimir_last_error();
}
