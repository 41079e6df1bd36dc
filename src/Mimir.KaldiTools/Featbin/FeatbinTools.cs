using Mimir.Features.Extraction;

namespace Mimir.KaldiTools.Featbin;

/// <summary>The programs of Kaldi's <c>featbin</c>: features in, features out.</summary>
internal static class FeatbinTools
{
    /// <summary>Gets what makes one of each, by name.</summary>
    internal static IReadOnlyList<Func<IKaldiTool>> Makers { get; } =
    [
        () => new AddDeltasTool(),
        () => new ApplyCmvnSlidingTool(),
        () => new ApplyCmvnTool(),
        () => new ComputeCmvnStatsTool(),
        () => new ComputeFeaturesTool(new FbankOptions()),
        () => new ComputeFeaturesTool(new MfccOptions()),
        () => new ComputeFeaturesTool(new PlpOptions()),
        () => new ComputeFeaturesTool(new SpectrogramOptions()),
        () => new ComputePitchTool(process: false),
        () => new ComputePitchTool(process: true),
        () => new ComputeVadTool(),
        () => new ConcatFeatsTool(),
        () => new CopyFeatsToFilesTool(sphinx: false),
        () => new CopyFeatsToFilesTool(sphinx: true),
        () => new CopyFeaturesTool(),
        () => new ExtractSegmentsTool(),
        () => new FeatToDimTool(),
        () => new FeatToLenTool(),
        () => new ModifyCmvnStatsTool(),
        () => new PasteFeatsTool(),
        () => new ProcessPitchTool(),
        () => new SelectFeatsTool(),
        () => new ShiftFeatsTool(),
        () => new SpliceFeaturesTool(),
        () => new SubsampleFeatsTool(),
        () => new SubsetFeatsTool(),
        () => new TransformFeatsTool(),
        () => new WavCopyTool(),
        () => new WavReverberateTool(),
        () => new WavToDurationTool(),
    ];
}
