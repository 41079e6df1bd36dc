using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mimir.Train.Tests.Export;

/// <summary>Computes an ONNX model outside of this program: run_onnx.py, where Debian's python3-onnx is installed.</summary>
internal static class OnnxRuntime
{
    private const string Python = "/usr/bin/python3";

    public static bool IsHere { get; } = Run("-c", "import onnx, numpy").Status == 0;

    /// <summary>Computes an output for frames, and gives it with what the script printed.</summary>
    public static (float[] Values, string Metadata) Compute(string model, float[] frames, string output)
    {
        var (input, result) = ($"{model}.in", $"{model}.out");
        File.WriteAllBytes(input, MemoryMarshal.AsBytes(frames.AsSpan()));
        var run = Run(Path.Combine(Here(), "run_onnx.py"), model, input, output, result);
        Assert.True(run.Status == 0, run.Errors);
        return (MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(result)).ToArray(), run.Output);
    }

    private static (int Status, string Output, string Errors) Run(params string[] arguments)
    {
        if (!File.Exists(Python))
            return (-1, "", "");

        using var process = Process.Start(
            new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}

/// <summary>A table of tests that needs Python with onnx and numpy; skipped, and says so, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxTheoryAttribute : TheoryAttribute
{
    public OnnxTheoryAttribute()
    {
        if (!OnnxRuntime.IsHere)
            Skip = "needs python3 with onnx and numpy (apt-get install python3-onnx)";
    }
}

/// <summary>A test that needs Python with onnx and numpy; skipped, and says so, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxFactAttribute : FactAttribute
{
    public OnnxFactAttribute(bool needsSharedData = false)
    {
        if (needsSharedData && Mimir.Tests.Support.SharedData.Root is null)
            Skip = "needs shared/ (corpora and Kaldi's goldens) beside the checkout, or MIMIR_SHARED";
        else if (!OnnxRuntime.IsHere)
            Skip = "needs python3 with onnx and numpy (apt-get install python3-onnx)";
    }
}
