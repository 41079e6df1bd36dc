using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Core.Native;
using Mimir.Core.Runtime;

namespace Mimir.Cli.Commands;

/// <summary>One thing that Mimir looked for on this machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Found">True when it is there.</param>
/// <param name="Detail">Its version and place, or how to get it.</param>
/// <param name="Gives">Its use, that is, what is missing without it.</param>
/// <param name="Required">True when <c>mimir train</c> cannot run without it.</param>
internal sealed record Finding(string Name, bool Found, string Detail, string Gives, bool Required = false);

/// <summary>Looks for everything that Mimir can use on this machine: compilers, libraries, devices.</summary>
internal static class MachineInventory
{
    /// <summary>Looks for all of it.</summary>
    internal static IEnumerable<Finding> Run()
    {
        yield return Cores();
        yield return Sdk();
        foreach (var finding in Torch())
            yield return finding;

        yield return Library(
            "libsndfile", "reads FLAC, SPHERE and OGG (WAV does without it), writes FLAC", "libsndfile1", "sf_version_string",
            required: false, "libsndfile.so.1");
        yield return Library(
            "espeak-ng", "speaks the mandarin-digits corpus", "libespeak-ng1 espeak-ng-data", null, required: false, "libespeak-ng.so.1");
        yield return Library(
            "MPI", "workers on several machines by mpirun", "libopenmpi3 openmpi-bin", null, required: false,
            "libmpi.so.40", "libmpi.so.12", "libmpich.so.12");
    }

    private static Finding Cores()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount}, {memory:0.#} GiB of memory");
        return new("cores", true, detail, "speed");
    }

    private static Finding Sdk()
    {
        var version = FirstLine("dotnet", "--version");
        return new(
            ".NET SDK", version is not null, version ?? "https://dot.net/download",
            "builds Mimir; the runtime here is " + RuntimeInformation.FrameworkDescription);
    }

    private static IEnumerable<Finding> Torch()
    {
        RuntimeInfo runtime;
        try
        {
            runtime = RuntimeInfo.Read();
        }
        catch (InputException error)
        {
            return [new("libtorch", false, error.Message, "all computing", Required: true)];
        }

        var files = TorchRuntime.Files;
        return
        [
            new("libtorch", true, $"{runtime.LibTorch} in {files.Folder}", "tensors on CPU and CUDA", Required: true),
            new("TorchSharp", true, files.Bridge, "calls libtorch", Required: true),
            new(
                "kernels", runtime.Kernels is not null, runtime.Kernels?.InstructionSet ?? "native/build makes them with a C++ compiler",
                "training on the CPU 2 to 3 times as fast (AVX-512), and the same bits at any number of threads"),
            new(
                "GPU", runtime.CudaDevices > 0, $"{runtime.CudaDevices} seen by this libtorch",
                "training many times faster (needs a libtorch with CUDA: MIMIR_LIBTORCH)"),
        ];
    }

    /// <param name="name">The library's name for people.</param>
    /// <param name="gives">Its use.</param>
    /// <param name="packages">Debian's packages that have it.</param>
    /// <param name="version">A function of it that takes nothing and returns its version as a C string, or null.</param>
    /// <param name="required">True when training needs it.</param>
    /// <param name="files">The names that systems give its file; the first that can be loaded counts.</param>
    private static Finding Library(string name, string gives, string packages, string? version, bool required, params string[] files)
    {
        foreach (var file in files)
        {
            if (NativeLibrary.TryLoad(file, out var handle))
                return new(name, true, (version is null ? null : CallText(handle, version)) ?? file, gives, required);
        }

        return new(name, false, $"apt-get install {packages}", gives, required);
    }

    private static unsafe string? CallText(nint library, string function) =>
        NativeLibrary.TryGetExport(library, function, out var address)
            ? Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)address)())
            : null;

    private static string? FirstLine(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, argument)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            return process?.StandardOutput.ReadLine();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
