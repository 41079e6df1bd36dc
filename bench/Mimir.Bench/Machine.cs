using System.Runtime.InteropServices;
using Mimir.Core.Native;
using TorchSharp;

namespace Mimir.Bench;

/// <summary>Where the figures were measured, and with which versions.</summary>
/// <param name="Processor">The processor's name and numbers.</param>
/// <param name="Cores">The cores that this process may use.</param>
/// <param name="InstructionSet">The vector instructions of the kernels.</param>
/// <param name="Products">The libraries of matrix products.</param>
/// <param name="Torch">The versions of libtorch and TorchSharp.</param>
/// <param name="System">The operating system and .NET.</param>
/// <param name="Load">The load of the last minute when the run began: processes that ran or waited for a core.</param>
internal sealed record Machine(
    string Processor, int Cores, string InstructionSet, string Products, string Torch, string System, string Load)
{
    /// <summary>Asks the system and the libraries.</summary>
    public static Machine Read()
    {
        var info = RuntimeInfo.Read();
        var products = "own" + (info.Kernels?.Mkl is { Length: > 0 } ? ", MKL in libtorch" : "")
            + (info.Kernels?.OneDnn is { Length: > 0 } oneDnn ? $", oneDNN {oneDnn}" : "");
        return new(
            ReadProcessor(), Environment.ProcessorCount, info.Kernels?.InstructionSet ?? "no kernels",
            products,
            $"libtorch {info.LibTorch}, TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}",
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
            File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown");
    }

    // A virtual machine often hides the model's name, never its numbers.
    private static string ReadProcessor()
    {
        if (!File.Exists("/proc/cpuinfo"))
            return RuntimeInformation.ProcessArchitecture.ToString();

        var fields = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        string Field(string name) => fields.GetValueOrDefault(name, "unknown");
        return $"{Field("model name")}, family {Field("cpu family")}, model {Field("model")}, stepping {Field("stepping")}";
    }
}
