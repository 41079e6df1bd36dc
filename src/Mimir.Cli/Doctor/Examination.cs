using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Mimir.Core.Runtime;

namespace Mimir.Cli.Doctor;

/// <summary>Looks over the machine: compilers, libraries, devices, and what each gives.</summary>
internal static class Examination
{
    /// <summary>Looks for everything that Mimir can use.</summary>
    internal static IEnumerable<Finding> Run()
    {
        yield return Cores();
        yield return Sdk();
        foreach (var finding in Torch())
            yield return finding;

        yield return Library("libsndfile", "reads audio (WAV, FLAC, SPHERE, OGG)", "libsndfile1", "sf_version_string", true, "libsndfile.so.1");
        yield return Library("espeak-ng", "speaks the mandarin-digits corpus", "libespeak-ng1 espeak-ng-data", null, false, "libespeak-ng.so.1");
        yield return Library("MPI", "workers on several machines by mpirun", "libopenmpi3 openmpi-bin", null, false, "libmpi.so.40", "libmpi.so.12", "libmpich.so.12");
    }

    private static Finding Cores()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return new("cores", true, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount}, {memory:0.#} GiB of memory"), "speed");
    }

    private static Finding Sdk()
    {
        var version = FirstLine("dotnet", "--version");
        return new(".NET SDK", version is not null, version ?? "https://dot.net/download", "builds Mimir; the runtime here is " + RuntimeInformation.FrameworkDescription);
    }

    private static IEnumerable<Finding> Torch()
    {
        RuntimeInfo runtime;
        try
        {
            runtime = RuntimeInfo.Read();
        }
        catch (DllNotFoundException error)
        {
            return [new("libtorch", false, error.Message.Split('\n')[0], "all computing: install libtorch-dev or set MIMIR_LIBTORCH, then scripts/build", Required: true)];
        }

        return
        [
            new("libtorch", true, runtime.LibTorch, "tensors on CPU and CUDA", Required: true),
            new("instructions", true, runtime.InstructionSet, "which kernels run on the CPU"),
            Blas("OpenBLAS", runtime.OpenBlas, "libopenblas0-pthread", "matrix products of many rows on the CPU"),
            Blas("oneDNN", runtime.OneDnn, "libdnnl2", "matrix products of few rows on the CPU"),
            new("GPU", runtime.CudaDevices > 0, $"{runtime.CudaDevices} seen by this libtorch", "training many times faster (needs a libtorch with CUDA: MIMIR_LIBTORCH)"),
        ];
    }

    private static Finding Blas(string name, string description, string package, string gives) =>
        new(name, description.Length > 0, description.Length > 0 ? description : $"apt-get install {package}", gives);

    private static Finding Library(string name, string gives, string packages, string? version, bool required, params string[] names) =>
        SharedLibrary.Find(names) is { } found
            ? new(name, true, (version is null ? null : SharedLibrary.Text(found.Handle, version)) ?? found.Name, gives, required)
            : new(name, false, $"apt-get install {packages}", gives, required);

    private static string? FirstLine(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, argument) { RedirectStandardOutput = true, RedirectStandardError = true });
            return process?.StandardOutput.ReadLine();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
