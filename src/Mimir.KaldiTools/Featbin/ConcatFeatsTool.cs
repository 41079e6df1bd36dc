using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>concat-feats: concatenates features in time.</summary>
internal sealed class ConcatFeatsTool()
    : KaldiTool<BinaryOptions>(
        "concat-feats",
        "Concatenate feature files (assuming they have the same dimensions), so the output file has the sum of the num-frames.",
        "<in-rxfilename1> <in-rxfilename2> [<in-rxfilename3>] ... <out-wxfilename>")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var joined = FeatureFrames.Concatenate([.. arguments.SkipLast(1).Select(name => KaldiTables.Matrix.ReadOne(name, io))]);
        KaldiTables.Matrix.WriteOne(arguments[^1], joined, options.Binary, io);
        return true;
    }
}
