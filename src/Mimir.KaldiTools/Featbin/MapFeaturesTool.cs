using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>Programs that turn each matrix of a table into another.</summary>
internal abstract class MapFeaturesTool : KaldiTool
{
    private protected MapFeaturesTool(string name, string summary)
        : base(name, summary, "<feats-rspecifier> <feats-wspecifier>")
    {
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var output = KaldiTables.Matrix.Create(arguments[1], io);
        var done = 0;
        try
        {
            foreach (var (key, features) in KaldiTables.Matrix.Read(arguments[0], io))
            {
                output.Write(key, Map(features));
                done++;
            }
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }

        log.Log($"Processed {done} feature matrices.");
        return done != 0;
    }

    /// <summary>Turns one matrix into another.</summary>
    private protected abstract FloatMatrix Map(FloatMatrix features);
}
