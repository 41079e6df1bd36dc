namespace Mimir.KaldiTools.Bin;

/// <summary>The programs of Kaldi's <c>bin</c>: alignments, posteriors, transition models, trees.</summary>
internal static class BinTools
{
    /// <summary>Gets what makes one of each, by name.</summary>
    internal static IReadOnlyList<Func<IKaldiTool>> Makers { get; } =
    [
        () => new AliToPdfTool(),
        () => new AliToPhonesTool(),
        () => new AliToPostTool(),
        () => new AnalyzeCountsTool(),
        () => new CopyIntVectorTool(),
        () => new CopyMatrixTool(),
        () => new CopyPostTool(),
        () => new CopyTransitionModelTool(),
        () => new CopyTreeTool(),
        () => new CopyVectorTool(),
        () => new ModelInfoTool("am-info"),
        () => new ModelInfoTool("hmm-info"),
        () => new PostToPdfPostTool(),
        () => new ShowAlignmentsTool(),
        () => new ShowTransitionsTool(),
        () => new TreeInfoTool(),
        () => new WeightSilencePostTool(),
    ];
}
