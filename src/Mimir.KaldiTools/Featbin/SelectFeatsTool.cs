using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>select-feats: takes columns, in any order.</summary>
internal sealed class SelectFeatsTool : KaldiTool
{
    /// <summary>Creates the program.</summary>
    public SelectFeatsTool()
        : base(
            "select-feats",
            "Select certain dimensions of the feature file, e.g. 0,24-22,3-12; think of it as the unix command cut -f ...",
            "<selection> <in-rspecifier> <out-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var selection = ColumnSelection.Parse(arguments[0]);
        var counts = FeatureTables.Map(arguments[1], arguments[2], io, (_, features) => selection.Apply(features));
        if (counts.Done == 0)
            log.Warning("Empty archive provided.");

        return true;
    }
}
