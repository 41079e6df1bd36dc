namespace Mimir.Gmm.Trees;

/// <summary>The receiver of what the growing of a tree reports.</summary>
/// <param name="Result">Receives results, a line each.</param>
/// <param name="Warning">Receives what is suspicious.</param>
/// <param name="Detail">Receives details (Kaldi: <c>--verbose=1</c>).</param>
public sealed record TreeLog(Action<string> Result, Action<string> Warning, Action<string> Detail)
{
    /// <summary>Gets the log that drops everything.</summary>
    public static TreeLog None { get; } = new(_ => { }, _ => { }, _ => { });
}
