namespace Mimir.KaldiTools.Nnetbin;

/// <summary>The programs of Kaldi's <c>nnetbin</c> that read and write networks without computing with them.</summary>
internal static class NnetbinTools
{
    /// <summary>Gets what makes one of each, by name.</summary>
    internal static IReadOnlyList<Func<IKaldiTool>> Makers { get; } =
    [
        () => new CmvnToNnetTool(),
        () => new NnetConcatTool(),
        () => new NnetCopyTool(),
        () => new NnetInfoTool(),
        () => new NnetInitializeTool(),
        () => new NnetSetLearnrateTool(),
        () => new RbmConvertToNnetTool(),
        () => new TransfToNnetTool(),
    ];
}
