using Mimir.Core.Tensors;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>cuda-gpu-available: exits with 0 where a GPU can be used.</summary>
internal sealed class CudaGpuAvailableTool()
    : KaldiTool<NoOptions>("cuda-gpu-available", "Test if there is a GPU available, and if the GPU setup is correct.", "")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var count = Device.CudaCount;
        if (count > 0)
            log.Log($"### HURRAY, WE GOT A CUDA GPU FOR COMPUTATION!!! ## ({count} of them)");
        else
            log.Warning("### WE DID NOT GET A CUDA GPU!!! ### Scripts go on without one with --skip-cuda-check true.");

        return count > 0;
    }
}

/// <summary>cuda-compiled: exits with 0 where the programs can use a GPU at all.</summary>
internal sealed class CudaCompiledTool()
    : KaldiTool<NoOptions>("cuda-compiled", "Returns exit status 0 (success) if a GPU can be used, and 1 otherwise.", "")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io) =>
        Device.CudaCount > 0;
}
