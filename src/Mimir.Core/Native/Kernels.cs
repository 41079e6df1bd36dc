using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Core.Runtime;
using TorchSharp;

namespace Mimir.Core.Native;

/// <summary>The C functions of <c>native/src/mimir_kernels.h</c>: fast CPU kernels, which everything works without.</summary>
/// <remarks>Tensors are float32 in host memory, contiguous, and as large as the sizes say: the caller checks that.</remarks>
internal static unsafe partial class Kernels
{
    private const string Library = "mimir_kernels";
    private static readonly Lazy<bool> Loaded = new(() => NativeLibraries.TryLoad(Library));

    /// <summary>True when the library is there.</summary>
    public static bool Available => Loaded.Value;

    /// <summary>True when the kernels take the tensors of a call: 32-bit floats on the CPU, outside <see cref="ReferenceRoute"/>.</summary>
    /// <param name="tensor">One of the tensors of the call, which are all of one type on one device.</param>
    public static bool Take(Tensor tensor) => Available && !ReferenceRoute.Active
        && tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU;

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
    internal static partial int mimir_runtime_info(Span<byte> buffer, long capacity, out long length);

    [LibraryImport(Library)]
    internal static partial int mimir_sum_squares(long count, [MarshalUsing(typeof(Elements))] Tensor? x, out double sum);

    [LibraryImport(Library)]
    internal static partial int mimir_is_finite(long count, [MarshalUsing(typeof(Elements))] Tensor? x, out int finite);

    [LibraryImport(Library)]
    internal static partial int mimir_softmax(
        long n, long d, [MarshalUsing(typeof(Elements))] Tensor? x, int logarithm,
        [MarshalUsing(typeof(Elements))] Tensor? output);

    [LibraryImport(Library)]
    private static partial nint mimir_last_error();
}

/// <summary>The instruction set and the libraries that the native library found on this machine.</summary>
/// <param name="InstructionSet">The vector instructions in use: <c>avx512</c>, <c>avx2</c>, <c>sse2</c> or <c>generic</c>.</param>
/// <param name="Mkl">The description of the MKL inside libtorch, or empty when there is none.</param>
/// <param name="OneDnn">The version of oneDNN, or empty when it is not installed.</param>
public sealed record KernelInfo(string InstructionSet, string Mkl, string OneDnn)
{
    /// <summary>Asks the native library.</summary>
    /// <exception cref="DllNotFoundException">The native library is not there: see <see cref="Kernels.Available"/>.</exception>
    internal static KernelInfo Read()
    {
        var buffer = new byte[4096];
        Kernels.Check(Kernels.mimir_runtime_info(buffer, buffer.Length, out var length));
        var json = buffer.AsSpan(0, (int)Math.Min(length, buffer.Length - 1));
        return JsonSerializer.Deserialize(json, KernelJson.Plain.KernelInfo)
            ?? throw new InvalidOperationException("the native library described nothing");
    }
}

/// <summary>The JSON form of <see cref="KernelInfo"/>, generated at build time so that the program can be trimmed.</summary>
[JsonSerializable(typeof(KernelInfo))]
internal sealed partial class KernelJson : JsonSerializerContext
{
    /// <summary>Gets the form with lower-case names.</summary>
    public static KernelJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web));
}
