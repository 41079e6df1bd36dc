using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Core.Native;

namespace Mimir.Core.Runtime;

/// <summary>The libraries and devices that the native layer finds on this machine.</summary>
/// <param name="LibTorch">The version of libtorch.</param>
/// <param name="CudaDevices">The number of CUDA devices that libtorch can use.</param>
/// <param name="OpenBlas">The description that OpenBLAS gives of itself, or empty when it is not installed.</param>
/// <param name="OneDnn">The version of oneDNN, or empty when it is not installed.</param>
/// <param name="InstructionSet">The vector instructions in use: <c>avx512</c>, <c>avx2</c>, <c>sse2</c> or <c>generic</c>.</param>
public sealed record RuntimeInfo(string LibTorch, int CudaDevices, string OpenBlas, string OneDnn, string InstructionSet)
{
    /// <summary>Reads them from the native library.</summary>
    /// <exception cref="KernelException">A driver reports an error.</exception>
    /// <exception cref="DllNotFoundException">The native library, or the libtorch that it needs, is not installed.</exception>
    public static RuntimeInfo Read()
    {
        var buffer = new byte[4096];
        Native.LibTorch.Check(Native.LibTorch.mimir_runtime_info(buffer, buffer.Length, out var length));
        var json = buffer.AsSpan(0, (int)Math.Min(length, buffer.Length - 1));
        return JsonSerializer.Deserialize(json, RuntimeJson.Plain.RuntimeInfo)
            ?? throw new InvalidOperationException("the native library described nothing");
    }
}

/// <summary>The JSON form of <see cref="RuntimeInfo"/>, generated at build time so that the program can be trimmed.</summary>
[JsonSerializable(typeof(RuntimeInfo))]
internal sealed partial class RuntimeJson : JsonSerializerContext
{
    /// <summary>Gets the form with lower-case names.</summary>
    public static RuntimeJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web));
}
