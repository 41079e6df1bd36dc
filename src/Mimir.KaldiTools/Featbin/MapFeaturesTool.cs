using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>A program that turns each matrix of a table into another.</summary>
/// <typeparam name="TOptions">The record of its options.</typeparam>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">A description in one line.</param>
internal abstract class MapFeaturesTool<TOptions>(string name, string summary)
    : KaldiTool<TOptions>(name, summary, "<feats-rspecifier> <feats-wspecifier>")
    where TOptions : class, new()
{
    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = TableLoops.MapMatrices(arguments[0], arguments[1], io, (_, features) => Map(features, options));
        log.Log($"Processed {done} feature matrices.");
        return done != 0;
    }

    /// <summary>Turns one matrix into another.</summary>
    private protected abstract FloatMatrix Map(FloatMatrix features, TOptions options);
}
