using Mimir.Features.Extraction;

namespace Mimir.Features.KaldiTools.Featbin;

/// <summary>The programs of Kaldi's <c>featbin</c>: features in, features out.</summary>
internal static class FeatbinTools
{
    /// <summary>Gets what makes one of each, by name.</summary>
    internal static IReadOnlyList<Func<IKaldiTool>> Makers { get; } =
    [
        () => new AddDeltasTool(),
        () => new ApplyCmvnTool(),
        () => new ComputeCmvnStatsTool(),
        () => new ComputeFeaturesTool(new FbankOptions()),
        () => new ComputeFeaturesTool(new MfccOptions()),
        () => new ComputeFeaturesTool(new PlpOptions()),
        () => new ComputeFeaturesTool(new SpectrogramOptions()),
        () => new CopyFeaturesTool(),
        () => new SpliceFeaturesTool(),
    ];
}
