namespace Mimir.Features.KaldiTools.Bin;

/// <summary>The programs of Kaldi's <c>bin</c>: alignments, posteriors, transition models, trees.</summary>
internal static class BinTools
{
    /// <summary>Gets what makes one of each, by name.</summary>
    internal static IReadOnlyList<Func<IKaldiTool>> Makers { get; } =
    [
        () => new CopyMatrixTool(),
        () => new CopyTreeTool(),
        () => new CopyVectorTool(),
        () => new TreeInfoTool(),
    ];
}
