#if TORCHSHARP_TENSORS
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mimir.Core.Native;

/// <summary>The C functions of <c>native/src/mimir_kernels.h</c>, in the header's order: runtime and whole arrays.</summary>
/// <remarks>Tensors are float32 in host memory, contiguous, and as large as the sizes say: the caller checks that.</remarks>
internal static unsafe partial class Kernels
{
    private const string Library = "mimir_kernels";

    /// <summary>Gets whether the native library is there; without it every block takes the reference route.</summary>
    internal static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, typeof(Kernels).Assembly, null, out _);

    [LibraryImport(Library)]
    internal static partial nint mimir_last_error();

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

    /// <summary>Turns a native status into an exception that carries the message of the library.</summary>
    internal static void Check(int status, [CallerMemberName] string operation = "")
    {
        if (status == 0)
            return;

        var message = Marshal.PtrToStringUTF8(mimir_last_error()) ?? "no message";
        throw DeviceException.Describes(message) ? new DeviceException(operation, message) : new TorchException(operation, message);
    }
}

/// <summary>What the native library found on this machine.</summary>
/// <param name="InstructionSet">The vector instructions in use: <c>avx512</c>, <c>avx2</c>, <c>sse2</c> or <c>generic</c>.</param>
/// <param name="Mkl">The description of the MKL inside libtorch, or empty when there is none.</param>
/// <param name="OneDnn">The version of oneDNN, or empty when it is not installed.</param>
internal sealed record KernelInfo(string InstructionSet, string Mkl, string OneDnn)
{
    /// <summary>Asks the native library.</summary>
    /// <exception cref="DllNotFoundException">The native library is not there: see <see cref="Kernels.IsAvailable"/>.</exception>
    public static KernelInfo Read()
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
#endif
