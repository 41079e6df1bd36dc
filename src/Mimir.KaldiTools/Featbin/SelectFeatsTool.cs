using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>select-feats: selects dimensions of features, in any order.</summary>
internal sealed class SelectFeatsTool()
    : KaldiTool<NoOptions>(
        "select-feats",
        "Select certain dimensions of the feature file, e.g. 0,24-22,3-12; think of it as the unix command cut -f ...",
        "<selection> <in-rspecifier> <out-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var selection = ColumnSelection.Parse(arguments[0]);
        var counts = TableLoops.MapMatrices(arguments[1], arguments[2], io, (_, features) => selection.Apply(features));
        if (counts.Done == 0)
            log.Warning("Empty archive provided.");

        return true;
    }
}
